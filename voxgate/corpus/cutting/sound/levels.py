"""How loud a whole recording is, every 10 ms, and what counts as quiet at each place.

F counts whole frames of 10 ms: frame k holds the samples from 160 k on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Levels", "measure_levels"]

_BLOCK_S = 60
_EMPHASIS = 0.95
"""Of the first difference: hum lies low and would hide the consonant that begins a word."""

_LOWEST_DB = -120.0
_DIGITAL_SILENCE_DB = -110.0
_NEIGHBOURHOOD_FRAMES = 1000
"""The floor of a place is sought in these 10 s and the 10 s on both sides of them."""

_FLOOR_PERCENTILE = 5.0
_LOUD_PERCENTILE = 95.0
_OVER_FLOOR_DB = 8.0
_UNDER_LOUD_DB = 42.0
"""What lies further below the loud frames is no speech, even above a floor of digital silence."""


@dataclass(frozen=True)
class Levels:
    """Levels of a recording.

    Attributes:
        db: (F,) float32, level of each frame after pre-emphasis, at least -120.
        quiet_db: (F,) float32, what lies below it is quiet there: 8 dB over the noise around, at
            least 42 dB under the loud frames around.
    """

    db: NDArray[np.float32]
    quiet_db: NDArray[np.float32]

    @property
    def is_loud(self) -> NDArray[np.bool_]:
        """(F,) whether something sounds in each frame."""
        return self.db > self.quiet_db

    def loud_frames(self, span: Span) -> int:
        """Return in how many frames of `span` something sounds."""
        part = slice(span.start // GRID, -(-span.end // GRID))
        return int(np.count_nonzero(self.db[part] > self.quiet_db[part]))

    def sound_in(self, span: Span) -> Span:
        """Return the part of `span` from the first to the last sound; all of it if none sounds.

        Single loud frames are clicks.
        """
        part = slice(span.start // GRID, -(-span.end // GRID))
        loud = self.db[part] > self.quiet_db[part]
        steady = np.flatnonzero(loud[1:] & loud[:-1])
        if len(steady) == 0:
            return span
        first = span.start // GRID
        return Span((first + int(steady[0])) * GRID, (first + int(steady[-1]) + 2) * GRID)

    def quietest(self, span: Span, *, smooth_frames: int = 10) -> int:
        """Return the sample, on the grid, around which the least sounds within `span`."""
        first, last = span.start // GRID, max(span.start // GRID + 1, span.end // GRID)
        powers = 10.0 ** (self.db[first:last].astype(np.float64) / 10.0)
        window = np.ones(min(smooth_frames, len(powers)))
        return (first + int(np.argmin(np.convolve(powers, window, mode="same")))) * GRID


def measure_levels(read: Callable[[Span], Wave], n_samples: int) -> Levels:
    """Measure a recording of any length; what is held grows by 4 bytes for every 10 ms."""
    size = _BLOCK_S * HEARING_RATE_HZ
    parts = [
        _frame_levels(read(Span(start, min(start + size, n_samples))))
        for start in range(0, n_samples, size)
    ]
    db = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return Levels(db, _quiet_below(db))


def _frame_levels(wave: Wave) -> NDArray[np.float32]:
    frames = wave[: len(wave) // GRID * GRID].astype(np.float64).reshape(-1, GRID)
    # Inside a frame: a loud sample before it must not sound in it.
    sharp = frames[:, 1:] - _EMPHASIS * frames[:, :-1]
    powers = np.mean(sharp**2, axis=1)  # (frames,)
    db = 10.0 * np.log10(np.maximum(powers, 10 ** (_LOWEST_DB / 10)))
    return np.asarray(db, dtype=np.float32)


def _quiet_below(db: NDArray[np.float32]) -> NDArray[np.float32]:
    """Follow the noise floor: percentiles of 30 s around each 10 s, joined by straight lines."""
    size = _NEIGHBOURHOOD_FRAMES
    if len(db) <= 3 * size:
        return np.full(len(db), _limit(db), np.float32) if len(db) else db
    blocks = [db[at : at + size] for at in range(0, len(db) - size + 1, size)]
    wide = [np.concatenate(blocks[max(0, k - 1) : k + 2]) for k in range(len(blocks))]
    centres = (np.arange(len(blocks)) + 0.5) * size
    limits = [_limit(around) for around in wide]
    return np.interp(np.arange(len(db)), centres, limits).astype(np.float32)


def _limit(db: NDArray[np.float32]) -> float:
    """Say below what level frames are quiet; digital silence (a mute, a gap) is no noise floor."""
    sounding = db[db > _DIGITAL_SILENCE_DB]
    if len(sounding) == 0:
        return _DIGITAL_SILENCE_DB
    floor, loud = np.percentile(sounding, [_FLOOR_PERCENTILE, _LOUD_PERCENTILE])
    return float(max(floor + _OVER_FLOOR_DB, loud - _UNDER_LOUD_DB))
