"""Small videos with and without sound."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

_KINDS = {
    "mp4": ("mp4", "mpeg4", "aac"),
    "mov": ("mov", "mpeg4", "pcm_s16le"),
    "mkv": ("matroska", "mpeg4", "aac"),
    "webm": ("webm", "libvpx", "libopus"),
}
_PICTURES_A_SECOND = 5


def encode_video(
    suffix: str, samples: NDArray[np.float32] | None, rate: int = 48_000, *, seconds: float = 1.0
) -> bytes:
    """Return a video of the suffix with grey pictures, and (T,) samples if there are any."""
    container, picture_codec, sound_codec = _KINDS[suffix]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as media:
        pictures = media.add_stream(picture_codec, rate=_PICTURES_A_SECOND)
        pictures.width = pictures.height = 32
        pictures.pix_fmt = "yuv420p"
        sound = None
        if samples is not None:
            sound = media.add_stream(sound_codec, rate=rate, layout="mono")
        for number in range(max(1, round(seconds * _PICTURES_A_SECOND))):
            picture = av.VideoFrame.from_ndarray(
                np.full((32, 32, 3), 10 * number % 250, dtype=np.uint8), format="rgb24"
            )
            picture.pts, picture.time_base = number, Fraction(1, _PICTURES_A_SECOND)
            media.mux(pictures.encode(picture))
        media.mux(pictures.encode(None))
        if sound is not None and samples is not None:
            _add_sound(media, sound, samples, rate)
    return buffer.getvalue()


def _add_sound(
    media: av.container.OutputContainer,
    sound: av.AudioStream,
    samples: NDArray[np.float32],
    rate: int,
) -> None:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(
        format=sound.codec_context.format.name,
        layout="mono",
        rate=rate,
        frame_size=sound.codec_context.frame_size or 1024,
    )
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        media.mux(sound.encode(part))
    media.mux(sound.encode(None))
