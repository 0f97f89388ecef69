"""From any audio file to float samples, with bounds that hold while decoding.

libsndfile reads wav, flac, ogg, opus, mp3 and aiff; FFmpeg (through PyAV) reads G.722, what
libsndfile declines, and recordings that were appended to each other, of which libsndfile sees the
first only. Which demuxer FFmpeg uses is decided here, and it gets a stream, not a name: nothing
that a file refers to is ever opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.collecting import Collected, DamagedError, DecodingBounds
from voxgate.audio.completeness import Framing, inspect_framing
from voxgate.audio.containers import (
    DEMUXERS,
    EXPECTED_CONTAINERS,
    HEADERLESS_SUFFIXES,
    LIBSNDFILE_DECLINES,
    find_mistake,
    sniff_container,
)
from voxgate.audio.readers import read_ffmpeg, read_libsndfile
from voxgate.errors import RecordingError

__all__ = ["DecodedAudio", "DecodingBounds", "decode_file"]

_MAX_REASON_CHARACTERS = 300
_CHECKSUMMED = frozenset({"flac"})
"""Containers whose every frame is checked by libsndfile; FFmpeg would play what is wrong."""

_UNSPLIT_CONTAINERS = frozenset({"wav", "aiff"})
"""Containers of which every reader sees the first recording only."""


@dataclass(frozen=True, kw_only=True)
class DecodedAudio:
    """What a file contains.

    samples: (T, C) float32, full scale at 1; float files may exceed it.
    sample_rate_hz: of the samples; lower than the source's where that is above 48 kHz.
    flattened: share of the samples of each channel that lie on flattened peaks.
    reader: the library that read it.
    actions: what was noticed on the way (`extension_mismatch`).
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    source_sample_rate_hz: int
    source_duration_s: float
    container: str
    flattened: tuple[float, ...]
    reader: str
    actions: tuple[str, ...] = ()


def decode_file(path: Path, bounds: DecodingBounds) -> DecodedAudio:
    """Decode `path`; never reads more than `bounds.max_duration_s` and one block.

    Raises:
        RecordingError: `missing_file`, `empty_audio`, `unreadable`, `wrong_format` (not what its
            suffix says, and undecodable), `cut_short`, `several_recordings`,
            `sample_rate_too_low`, `too_long`, `not_finite`.
        OSError: the file cannot be opened.
    """
    if not path.is_file():
        raise RecordingError(
            "missing_file",
            f"expected an audio file at {path.name}, found none; add the file or remove its line",
        )
    if path.stat().st_size == 0:
        raise RecordingError(
            "empty_audio", f"{path.name} has 0 bytes; record or export it again, or remove its line"
        )
    container = sniff_container(path)
    if container is None and (mistake := find_mistake(path)):
        raise RecordingError("wrong_format", f"{path.name} is {mistake}")
    framing = inspect_framing(path, container)
    _check_framing(path, container, framing)
    sound, reader = _decode(path, container, framing, bounds)
    _check_sound(path.name, sound, framing)
    suffix = path.suffix.lower()
    expected = EXPECTED_CONTAINERS.get(suffix) or HEADERLESS_SUFFIXES.get(suffix)
    found = container or expected or "unknown"
    return DecodedAudio(
        samples=sound.samples,
        sample_rate_hz=sound.sample_rate_hz,
        source_sample_rate_hz=sound.source_sample_rate_hz,
        source_duration_s=sound.source_duration_s,
        container=found,
        flattened=sound.flattened,
        reader=reader,
        actions=(f"extension_mismatch:{found}",) if expected and found != expected else (),
    )


def _check_framing(path: Path, container: str | None, framing: Framing) -> None:
    if framing.parts > 1 and container in _UNSPLIT_CONTAINERS:
        raise RecordingError(
            "several_recordings",
            f"{path.name}: a second {container} file was appended to it, which no decoder reads; "
            "store each recording in a file of its own",
        )
    if framing.missing_bytes:
        raise RecordingError(
            "cut_short",
            f"{path.name}: its header announces more than the file's {path.stat().st_size} bytes "
            f"(at least {framing.missing_bytes} are missing): it was cut; copy or export it again",
        )


def _check_sound(name: str, sound: Collected, framing: Framing) -> None:
    if sound.not_finite:
        raise RecordingError(
            "not_finite",
            f"{name} holds {sound.not_finite} samples that are NaN or infinite; export it again "
            "as PCM",
        )
    if len(sound.samples) == 0:
        raise RecordingError(
            "empty_audio", f"{name} decodes to 0 samples; record it again or remove its line"
        )
    if sound.missing_s and framing.announces_length:
        decoded_s = sound.source_duration_s
        raise _cut_short(name, decoded_s, decoded_s + sound.missing_s, framing)


def _decode(
    path: Path, container: str | None, framing: Framing, bounds: DecodingBounds
) -> tuple[Collected, str]:
    suffix = path.suffix.lower()
    headerless = HEADERLESS_SUFFIXES.get(suffix) if container is None else None
    demuxer = headerless or DEMUXERS.get(container or EXPECTED_CONTAINERS.get(suffix, ""))
    faults: list[Exception] = []
    # libsndfile would guess a format from the first bytes of what is not a header.
    if not headerless and container not in LIBSNDFILE_DECLINES and framing.parts == 1:
        sound = _try(lambda: read_libsndfile(path, bounds), faults)
        # No samples: a header that was never completed, of which FFmpeg makes more.
        if sound and (len(sound.samples) or sound.not_finite or demuxer is None):
            return sound, "libsndfile"
    if demuxer is not None:
        sound = _try(lambda: read_ffmpeg(path, bounds, demuxer=demuxer), faults)
        damaged = container in _CHECKSUMMED and any(isinstance(f, DamagedError) for f in faults)
        if sound and not damaged:
            return sound, "ffmpeg"
        if sound:
            why = _reason(faults[0], path)
            raise RecordingError(
                "unreadable",
                f"{path.name}: a part of it does not match its checksum ({why}): it was damaged; "
                "copy or export it again",
            )
    raise _explain(path, container, framing, faults)


def _explain(
    path: Path, container: str | None, framing: Framing, faults: list[Exception]
) -> RecordingError:
    reasons = [_reason(fault, path) for fault in faults]
    if framing.parts > 1:
        return RecordingError(
            "several_recordings",
            f"{path.name}: {framing.parts} recordings are in it one after the other, which differ "
            f"in format or are damaged ({'; '.join(reasons)}); store each in a file of its own",
        )
    stopped = [fault for fault in faults if isinstance(fault, DamagedError) and fault.decoded_s]
    if stopped:
        last = max(stopped, key=lambda fault: fault.decoded_s)
        return _cut_short(path.name, last.decoded_s, last.announced_s, framing)
    return _undecodable(path, container, reasons)


def _try(read: Callable[[], Collected], faults: list[Exception]) -> Collected | None:
    try:
        return read()
    except RecordingError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever a damaged file brings up is its fault)
        faults.append(error)
        return None


def _reason(error: Exception, path: Path) -> str:
    """Return one line of printable characters without this machine's paths."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    line = "".join(c if c.isprintable() else " " for c in text.replace(str(path), path.name))
    return line.removeprefix("Error : ").strip().rstrip(".")[:_MAX_REASON_CHARACTERS]


def _cut_short(name: str, decoded_s: float, announced_s: float, framing: Framing) -> RecordingError:
    announced = f" of the {announced_s:.2f} s that its header announces"
    return RecordingError(
        "cut_short",
        f"{name}: {decoded_s:.2f} s{announced if framing.announces_length else ''} can be decoded: "
        "it was cut or damaged there; copy or export it again",
    )


def _undecodable(path: Path, container: str | None, faults: list[str]) -> RecordingError:
    expected = EXPECTED_CONTAINERS.get(path.suffix.lower())
    why = "; ".join(faults) or "its first bytes are no known audio format"
    if expected and container != expected:
        return RecordingError(
            "wrong_format",
            f"{path.name}: expected {expected} from its name, its first bytes are "
            f"{container or 'no known audio format'}, and no decoder reads it ({why}); "
            "export it again or correct the suffix",
        )
    return RecordingError(
        "unreadable", f"{path.name}: no decoder reads it ({why}); export it again"
    )
