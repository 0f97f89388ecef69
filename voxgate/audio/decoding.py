"""From any audio file to float samples, with bounds that hold while decoding.

libsndfile reads wav, flac, ogg, opus, mp3 and aiff; FFmpeg (through PyAV) reads G.722 and whatever
libsndfile declines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.audio.containers import EXPECTED_CONTAINERS, HEADERLESS_SUFFIXES, sniff_container
from voxgate.errors import RecordingError

__all__ = ["DecodedAudio", "DecodingBounds", "decode_file"]

_BLOCK_FRAMES = 65_536
_MAX_CHANNELS = 8
_MAX_SAMPLE_RATE_HZ = 384_000

Blocks = Iterator[NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class DecodingBounds:
    """What a recording must satisfy before its samples are worth memory."""

    max_duration_s: float
    min_sample_rate_hz: int


@dataclass(frozen=True, kw_only=True)
class DecodedAudio:
    """What a file contains.

    samples: (T, C) float32, full scale at 1; float files may exceed it.
    actions: what was noticed on the way (`extension_mismatch`).
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    container: str
    actions: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz


def decode_file(path: Path, bounds: DecodingBounds) -> DecodedAudio:
    """Decode `path`; never reads more than `bounds.max_duration_s` and one block.

    Raises:
        RecordingError: `missing_file`, `empty_audio`, `unreadable`, `wrong_format` (not what its
            suffix says, and undecodable), `sample_rate_too_low`, `too_long`, `not_finite`.
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
    samples, rate = _decode(path, container, bounds)
    if len(samples) == 0:
        raise RecordingError(
            "empty_audio", f"{path.name} decodes to 0 samples; record it again or remove its line"
        )
    if not np.isfinite(samples).all():
        count = int(np.count_nonzero(~np.isfinite(samples)))
        raise RecordingError(
            "not_finite",
            f"{path.name} holds {count} samples that are NaN or infinite; export it again as PCM",
        )
    suffix = path.suffix.lower()
    expected = EXPECTED_CONTAINERS.get(suffix) or HEADERLESS_SUFFIXES.get(suffix)
    found = container or expected or "unknown"
    mismatch = (f"extension_mismatch:{found}",) if expected and found != expected else ()
    return DecodedAudio(samples=samples, sample_rate_hz=rate, container=found, actions=mismatch)


def _decode(
    path: Path, container: str | None, bounds: DecodingBounds
) -> tuple[NDArray[np.float32], int]:
    headerless = HEADERLESS_SUFFIXES.get(path.suffix.lower()) if container is None else None
    if headerless:
        # libsndfile would guess a format from the first bytes of what is not a header.
        readers: tuple[Callable[[], tuple[NDArray[np.float32], int]], ...] = (
            lambda: _read_ffmpeg(path, bounds, demuxer=headerless),
        )
    else:
        readers = (
            lambda: _read_libsndfile(path, bounds),
            lambda: _read_ffmpeg(path, bounds, demuxer=None),
        )
    faults: list[str] = []
    for read in readers:
        try:
            return read()
        except (soundfile.LibsndfileError, av.error.FFmpegError, ValueError) as error:
            faults.append(str(error).replace(str(path), path.name))
    raise _undecodable(path, container, faults)


def _undecodable(path: Path, container: str | None, faults: list[str]) -> RecordingError:
    expected = EXPECTED_CONTAINERS.get(path.suffix.lower())
    why = "; ".join(faults)
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


def _read_libsndfile(path: Path, bounds: DecodingBounds) -> tuple[NDArray[np.float32], int]:
    # A descriptor has no name: soundfile would take some suffixes (.raw) as an order.
    with (
        path.open("rb", buffering=0) as file,
        soundfile.SoundFile(file.fileno(), closefd=False) as stream,
    ):
        _check_format(path.name, stream.samplerate, stream.channels, bounds)
        blocks = iter(
            lambda: stream.read(_BLOCK_FRAMES, dtype="float32", always_2d=True),
            None,
        )
        return _collect(path.name, blocks, stream.samplerate, bounds), stream.samplerate


def _read_ffmpeg(
    path: Path, bounds: DecodingBounds, *, demuxer: str | None
) -> tuple[NDArray[np.float32], int]:
    # `file:` keeps a path that looks like a URL from being one.
    with av.open(f"file:{path}", format=demuxer) as media:
        if not media.streams.audio:
            raise ValueError("the file has no audio stream")
        stream = media.streams.audio[0]
        rate = int(stream.rate or 0)
        _check_format(path.name, rate, stream.channels, bounds)
        resampler = av.AudioResampler(format="flt", layout=stream.layout, rate=rate)

        def blocks() -> Blocks:
            for frame in media.decode(stream):
                for part in resampler.resample(frame):
                    block = np.asarray(part.to_ndarray(), dtype=np.float32)
                    if block.size:
                        yield block.reshape(-1, stream.channels)

        return _collect(path.name, blocks(), rate, bounds), rate


def _check_format(name: str, rate: int, channels: int, bounds: DecodingBounds) -> None:
    if rate < bounds.min_sample_rate_hz:
        raise RecordingError(
            "sample_rate_too_low",
            f"{name}: {rate} Hz, need >= {bounds.min_sample_rate_hz} Hz; record or export it at a "
            "higher rate (resampling cannot give back what is missing), or lower "
            "ingest.min_source_sample_rate_hz",
        )
    if rate > _MAX_SAMPLE_RATE_HZ or not 1 <= channels <= _MAX_CHANNELS:
        raise RecordingError(
            "unreadable",
            f"{name}: its header says {rate} Hz and {channels} channels; expected at most "
            f"{_MAX_SAMPLE_RATE_HZ} Hz and 1 to {_MAX_CHANNELS} channels; export it again",
        )


def _collect(name: str, blocks: Blocks, rate: int, bounds: DecodingBounds) -> NDArray[np.float32]:
    limit = int(bounds.max_duration_s * rate)
    parts: list[NDArray[np.float32]] = []
    total = 0
    for block in blocks:
        if len(block) == 0:
            break
        parts.append(block)
        total += len(block)
        if total > limit:
            raise RecordingError(
                "too_long",
                f"{name}: longer than {bounds.max_duration_s:g} s; split it at pauses, or raise "
                "ingest.max_recording_s",
            )
    if not parts:
        return np.zeros((0, 1), dtype=np.float32)
    return np.concatenate(parts)
