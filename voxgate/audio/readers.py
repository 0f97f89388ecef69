"""The two libraries that decode: libsndfile, and FFmpeg through PyAV. Each reads an open file.

What a damaged file makes them raise is of many kinds; `decoding` turns all of it into a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile

from voxgate.audio.collecting import Blocks, Collected, DecodingBounds, Format, collect
from voxgate.errors import RecordingError

__all__ = ["OpenSound", "open_ffmpeg", "open_libsndfile", "read_ffmpeg", "read_libsndfile"]

_BLOCK_FRAMES = 65_536

_CONTAINER_OPTIONS = {
    # Nothing is opened but the stream that is passed: no protocol has this name.
    "protocol_whitelist": "none",
    "enable_drefs": "0",
    # What FFmpeg may decode to find out what a stream is: no cover picture, whose size is anyone's
    # guess. The stream that is read afterwards is not bound by it.
    "codec_whitelist": "aac,aac_latm,ac3,eac3,alac,flac,mp2float,mp3float,opus,vorbis,wavpack,"
    "wmav1,wmav2,wmapro,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_f32le",
}


def read_libsndfile(path: Path, bounds: DecodingBounds) -> Collected:
    """Read the first recording of a file."""
    with open_libsndfile(path) as sound:
        return collect(path.name, sound.blocks, sound.format, bounds)


def read_ffmpeg(path: Path, bounds: DecodingBounds, *, demuxer: str) -> Collected:
    """Read the first audio stream of a file with the named demuxer.

    Raises:
        RecordingError: as `open_ffmpeg`; and the bounds'.
    """
    with open_ffmpeg(path, demuxer=demuxer) as sound:
        return collect(path.name, sound.blocks, sound.format, bounds)


@dataclass(frozen=True)
class OpenSound:
    """An open file: what its header says, and its samples in blocks of (T, C), once."""

    format: Format
    blocks: Blocks


@contextmanager
def open_libsndfile(path: Path, *, block_samples: int = _BLOCK_FRAMES) -> Iterator[OpenSound]:
    """Open the first recording of a file; of a block that is damaged nothing is given."""
    # A descriptor has no name: soundfile would take some suffixes (.raw) as an order.
    with (
        path.open("rb", buffering=0) as file,
        soundfile.SoundFile(file.fileno(), closefd=False) as stream,
    ):

        def blocks() -> Blocks:
            while len(block := stream.read(block_samples, dtype="float32", always_2d=True)):
                yield block

        format_ = Format(
            sample_rate_hz=stream.samplerate, channels=stream.channels, announced=stream.frames
        )
        yield OpenSound(format_, blocks())


@contextmanager
def open_ffmpeg(path: Path, *, demuxer: str) -> Iterator[OpenSound]:
    """Open the first audio stream of a file with the named demuxer.

    Raises:
        RecordingError: `no_sound`, of a video, say.
    """
    with (
        path.open("rb") as file,
        av.open(
            file,
            "r",
            format=demuxer,
            container_options=_CONTAINER_OPTIONS,
            metadata_errors="replace",
        ) as media,
    ):
        if not media.streams.audio:
            raise _without_sound(path.name, pictures=len(media.streams.video))
        stream = media.streams.audio[0]
        if stream.codec_context is None:
            raise ValueError("its audio has a codec that this FFmpeg does not know")
        rate, channels = int(stream.rate or 0), int(stream.channels or 0)

        def blocks() -> Blocks:
            resampler, shape = None, None
            for frame in media.decode(stream):
                # A chained stream may change its format; all of it comes out as it began.
                if resampler is None or _shape(frame) != shape:
                    shape = _shape(frame)
                    resampler = av.AudioResampler(format="flt", layout=stream.layout, rate=rate)
                for part in resampler.resample(frame):
                    block = np.asarray(part.to_ndarray(), dtype=np.float32)
                    if block.size:
                        yield block.reshape(-1, channels)

        announced = (stream.duration or 0) * (stream.time_base or 0) * rate
        format_ = Format(sample_rate_hz=rate, channels=channels, announced=int(announced))
        yield OpenSound(format_, blocks())


def _without_sound(name: str, *, pictures: int) -> RecordingError:
    what = "a video without sound" if pictures else "a file without sound"
    return RecordingError(
        "no_sound", f"{name}: expected an audio stream, got {what}; export it with its sound"
    )


def _shape(frame: av.AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate
