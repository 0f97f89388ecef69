"""Find where a clip's sound begins and ends, by energy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.types import Wave

__all__ = ["SilenceBounds", "find_sound", "frame_levels_db", "trim_bounds"]

FRAME_S = 0.02
HOP_S = 0.01
_FLOOR_DB = -120.0
_RELATIVE_DB = 35.0
_MARGIN_OVER_NOISE_DB = 6.0
_NOISE_PERCENTILE = 5.0
_LOUD_PERCENTILE = 95.0


@dataclass(frozen=True, kw_only=True)
class SilenceBounds:
    """Samples [start, end) hold the sound; start == end means that there is none."""

    start: int
    end: int
    n_samples: int

    def leading_s(self, sample_rate_hz: int) -> float:
        """Silence before the sound, in seconds."""
        return self.start / sample_rate_hz

    def trailing_s(self, sample_rate_hz: int) -> float:
        """Silence after the sound, in seconds."""
        return (self.n_samples - self.end) / sample_rate_hz


def frame_levels_db(wave: Wave, sample_rate_hz: int) -> NDArray[np.float64]:
    """Return the level of each frame of 20 ms, every 10 ms: (N,) dBFS, at least -120.

    The last frame may be shorter; an empty wave has none.
    """
    size, hop = int(FRAME_S * sample_rate_hz), int(HOP_S * sample_rate_hz)
    if len(wave) == 0:
        return np.zeros(0)
    powers = np.concatenate([[0.0], np.cumsum(wave.astype(np.float64) ** 2)])
    starts = np.arange(0, max(1, len(wave) - size + hop), hop)
    ends = np.minimum(starts + size, len(wave))
    means = (powers[ends] - powers[starts]) / np.maximum(1, ends - starts)
    return np.asarray(10.0 * np.log10(np.maximum(means, 10 ** (_FLOOR_DB / 10))))


def find_sound(wave: Wave, sample_rate_hz: int, *, absolute_db: float = -60.0) -> SilenceBounds:
    """Find the first and the last frame with sound.

    A frame is sound when it is above `absolute_db`, within 35 dB of the clip's loud frames (95th
    percentile), and 6 dB above its noise floor where the floor is quiet enough to tell.
    """
    levels = frame_levels_db(wave, sample_rate_hz)
    n = len(wave)
    if len(levels) == 0:
        return SilenceBounds(start=0, end=0, n_samples=n)
    loud = float(np.percentile(levels, _LOUD_PERCENTILE))
    noise = float(np.percentile(levels, _NOISE_PERCENTILE))
    threshold = max(absolute_db, loud - _RELATIVE_DB)
    if noise + _MARGIN_OVER_NOISE_DB < loud - _MARGIN_OVER_NOISE_DB:
        threshold = max(threshold, noise + _MARGIN_OVER_NOISE_DB)
    active = np.flatnonzero(levels > threshold)
    if len(active) == 0:
        return SilenceBounds(start=0, end=0, n_samples=n)
    hop, size = int(HOP_S * sample_rate_hz), int(FRAME_S * sample_rate_hz)
    end = min(n, int(active[-1]) * hop + size)
    return SilenceBounds(start=int(active[0]) * hop, end=end, n_samples=n)


def trim_bounds(
    bounds: SilenceBounds, sample_rate_hz: int, *, max_silence_s: float, keep_silence_s: float
) -> tuple[int, int]:
    """Return the samples [start, end) to keep.

    Only a side with more than `max_silence_s` is cut, and it keeps `keep_silence_s`. A clip
    without sound is left whole: that is for a check to judge, not for trimming to hide.
    """
    if bounds.start == bounds.end:
        return 0, bounds.n_samples
    keep = int(keep_silence_s * sample_rate_hz)
    start, end = 0, bounds.n_samples
    if bounds.leading_s(sample_rate_hz) > max_silence_s:
        start = max(0, bounds.start - keep)
    if bounds.trailing_s(sample_rate_hz) > max_silence_s:
        end = min(bounds.n_samples, bounds.end + keep)
    return start, end
