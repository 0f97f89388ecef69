"""Bring speech that is delivered as a file to a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.loudness import find_gain, measure_loudness
from voxgate.audio.shards import from_pcm16, to_pcm16

__all__ = ["levelled"]

_MAX_GAIN_DB = 20.0
_CEILING_DBFS = -1.0
"""What lossy codecs need so that no decoder clips."""


def levelled(pcm: NDArray[np.int16], rate_hz: int, *, lufs: float) -> NDArray[np.int16]:
    """Return (T,) samples at `lufs`, or as near as their peaks allow; silence stays as it is."""
    wave = from_pcm16(pcm)
    gain = find_gain(
        wave,
        measure_loudness(wave, rate_hz),
        target_lufs=lufs,
        max_gain_db=_MAX_GAIN_DB,
        ceiling_dbfs=_CEILING_DBFS,
    )
    return to_pcm16((wave * np.float32(10.0 ** (gain.db / 20.0))).astype(np.float32))
