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
from voxgate.audio.completeness import Framing
from voxgate.audio.containers import CHECKSUMMED
from voxgate.audio.identification import IdentifiedFile, identify_file, reason_of, undecodable
from voxgate.audio.readers import read_ffmpeg, read_libsndfile
from voxgate.errors import RecordingError

__all__ = ["DecodedAudio", "DecodingBounds", "decode_file"]


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
    file = identify_file(path)
    _check_whole(file)
    sound, reader = _decode(file, bounds)
    _check_sound(path.name, sound, file.framing)
    return DecodedAudio(
        samples=sound.samples,
        sample_rate_hz=sound.sample_rate_hz,
        source_sample_rate_hz=sound.source_sample_rate_hz,
        source_duration_s=sound.source_duration_s,
        container=file.container,
        flattened=sound.flattened,
        reader=reader,
        actions=file.actions,
    )


def _check_whole(file: IdentifiedFile) -> None:
    if file.framing.missing_bytes:
        path = file.path
        raise RecordingError(
            "cut_short",
            f"{path.name}: its header announces more than the file's {path.stat().st_size} bytes "
            f"(at least {file.framing.missing_bytes} are missing): it was cut; copy or export it "
            "again",
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


def _decode(file: IdentifiedFile, bounds: DecodingBounds) -> tuple[Collected, str]:
    path, demuxer = file.path, file.demuxer
    faults: list[Exception] = []
    if file.for_libsndfile:
        sound = _try(lambda: read_libsndfile(path, bounds), faults)
        # No samples: a header that was never completed, of which FFmpeg makes more.
        if sound and (len(sound.samples) or sound.not_finite or demuxer is None):
            return sound, "libsndfile"
    if demuxer is not None:
        sound = _try(lambda: read_ffmpeg(path, bounds, demuxer=demuxer), faults)
        damaged = file.found in CHECKSUMMED and any(isinstance(f, DamagedError) for f in faults)
        if sound and not damaged:
            return sound, "ffmpeg"
        if sound:
            why = reason_of(faults[0], path)
            raise RecordingError(
                "unreadable",
                f"{path.name}: a part of it does not match its checksum ({why}): it was damaged; "
                "copy or export it again",
            )
    raise _explain(file, faults)


def _explain(file: IdentifiedFile, faults: list[Exception]) -> RecordingError:
    reasons = [reason_of(fault, file.path) for fault in faults]
    if file.framing.parts > 1:
        return RecordingError(
            "several_recordings",
            f"{file.path.name}: {file.framing.parts} recordings are in it one after the other, "
            f"which differ in format or are damaged ({'; '.join(reasons)}); store each in a file "
            "of its own",
        )
    stopped = [fault for fault in faults if isinstance(fault, DamagedError) and fault.decoded_s]
    if stopped:
        last = max(stopped, key=lambda fault: fault.decoded_s)
        return _cut_short(file.path.name, last.decoded_s, last.announced_s, file.framing)
    return undecodable(file, reasons)


def _try(read: Callable[[], Collected], faults: list[Exception]) -> Collected | None:
    try:
        return read()
    except RecordingError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever a damaged file brings up is its fault)
        faults.append(error)
        return None


def _cut_short(name: str, decoded_s: float, announced_s: float, framing: Framing) -> RecordingError:
    announced = f" of the {announced_s:.2f} s that its header announces"
    return RecordingError(
        "cut_short",
        f"{name}: {decoded_s:.2f} s{announced if framing.announces_length else ''} can be decoded: "
        "it was cut or damaged there; copy or export it again",
    )
