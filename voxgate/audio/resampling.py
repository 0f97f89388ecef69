"""Change the number of channels and the sample rate."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from voxgate.types import Wave

__all__ = ["mix_down", "resample"]


def mix_down(samples: NDArray[np.float32]) -> Wave:
    """Average the channels of (T, C) samples to (T,).

    The mean keeps a voice that is on all channels at its level and cannot clip.
    """
    if samples.shape[1] == 1:
        return np.ascontiguousarray(samples[:, 0])
    mean: Wave = samples.mean(axis=1, dtype=np.float64).astype(np.float32)
    return mean


def resample(wave: Wave, source_rate_hz: int, target_rate_hz: int) -> Wave:
    """Resample with soxr's highest quality; the same rate returns the wave itself."""
    if source_rate_hz == target_rate_hz or len(wave) == 0:
        return wave
    out: Wave = soxr.resample(wave, source_rate_hz, target_rate_hz, quality="VHQ")
    return out.astype(np.float32, copy=False)
