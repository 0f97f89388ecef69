"""The same sound in a lossy container, as telephones and podcasts have it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["LOSSY", "encode"]

LOSSY = {"m4a": ("mp4", "aac"), "mp3": ("mp3", "libmp3lame")}
_BIT_RATE = 64_000
_BLOCK = 16_000


def encode(wave: Wave, path: Path) -> None:
    """Write a mono wave at 16 kHz; the suffix of `path` chooses container and codec.

    A codec delays its sound by some hundreds of samples. Its container says by how many, and a
    reader that heeds it (FFmpeg does) has the truth of the original to within a millisecond.
    """
    container, codec = LOSSY[path.suffix[1:]]
    pcm = (np.clip(wave, -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=HEARING_RATE_HZ, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = _BIT_RATE
        for start in range(0, pcm.size, _BLOCK):
            frame = av.AudioFrame.from_ndarray(
                pcm[np.newaxis, start : start + _BLOCK], format="s16", layout="mono"
            )
            frame.sample_rate = HEARING_RATE_HZ
            frame.pts = start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
