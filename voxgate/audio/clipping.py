"""Find flattened peaks: runs of equal samples at the top of a channel, wherever that top is.

Being near full scale is no damage, and a wave that was turned down after it was clipped is damaged
all the same. What tells is that the wave arrives at its top with speed and then stands still.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["ClippingMeter"]

_MIN_RUN = 3
_TOP_SHARE = 0.98
"""A run counts as the top from this share of the largest sample of its sign."""

_STEPS_OF_DROP = 4.0
"""A rounded peak of w equal samples each side leaves its plateau by (1 + 1/w)^2 steps at most."""

_LEVELS_PER_UNIT = 1e5


@dataclass
class _Side:
    """One sign of one channel: its largest sample, and samples in runs by their level."""

    peak: float = 0.0
    runs: dict[int, int] = field(default_factory=dict)

    def add(self, peak: float, levels: NDArray[np.float32], lengths: NDArray[np.int64]) -> None:
        self.peak = max(self.peak, peak)
        top = levels >= _TOP_SHARE * self.peak
        # Relative steps: what is at one top falls together, and there are few of them.
        keys = np.rint(np.log(levels[top]) * _LEVELS_PER_UNIT).astype(np.int64)
        known, places = np.unique(keys, return_inverse=True)
        counts = np.bincount(places, weights=lengths[top], minlength=len(known))
        for key, count in zip(known.tolist(), counts.tolist(), strict=True):
            self.runs[key] = self.runs.get(key, 0) + round(count)
        if len(self.runs) > _LEVELS_PER_UNIT:
            self._forget()

    def _forget(self) -> None:
        lowest = np.log(_TOP_SHARE * self.peak) * _LEVELS_PER_UNIT
        self.runs = {key: count for key, count in self.runs.items() if key >= lowest}

    @property
    def flattened(self) -> int:
        if not self.runs:
            return 0
        self._forget()
        return sum(self.runs.values())


@dataclass
class ClippingMeter:
    """Counts flattened samples of (T, C) blocks as they come.

    A run that two blocks share counts as two.
    """

    channels: int
    _n_samples: int = 0
    _steps: list[float] = field(init=False)
    _sides: list[tuple[_Side, _Side]] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = [np.inf] * self.channels
        self._sides = [(_Side(), _Side()) for _ in range(self.channels)]

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next block: (T, C) finite samples."""
        self._n_samples += len(block)
        for channel in range(self.channels):
            self._add_channel(channel, block[:, channel])

    @property
    def fractions(self) -> tuple[float, ...]:
        """Share of flattened samples of each channel, in [0, 1]."""
        total = max(1, self._n_samples)
        return tuple((up.flattened + down.flattened) / total for up, down in self._sides)

    def _add_channel(self, channel: int, wave: NDArray[np.float32]) -> None:
        if len(wave) <= _MIN_RUN:
            return
        moves = np.diff(wave)
        moving = np.abs(moves[moves != 0])
        if not len(moving):
            return
        self._steps[channel] = min(self._steps[channel], float(moving.min()))
        starts, ends = _runs(moves)
        levels, lengths = wave[starts], ends - starts + 1
        before, after = levels - wave[starts - 1], levels - wave[ends + 1]
        drop = np.maximum(np.abs(before), np.abs(after))
        sudden = drop > _STEPS_OF_DROP * self._steps[channel]
        for sign, side in zip((1.0, -1.0), self._sides[channel], strict=True):
            top = sudden & (sign * levels > 0) & (sign * before > 0) & (sign * after > 0)
            side.add(float((sign * wave).max()), sign * levels[top], lengths[top])


def _runs(moves: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last index of each run of equal samples that has both its neighbours."""
    still = np.concatenate([[False], moves == 0, [False]])
    edges = np.flatnonzero(still[1:] != still[:-1])
    starts, ends = edges[::2], edges[1::2]
    kept = (ends - starts + 1 >= _MIN_RUN) & (starts > 0) & (ends < len(moves))
    return starts[kept], ends[kept]
