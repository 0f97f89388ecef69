"""Prompts drawn again and again: how far a figure of so many prompts may be from the truth.

Everything that is resampled is an integer count, so that sums have no rounding and no order; the
generator is a raw PCG64 stream, which NumPy promises never to change (its distributions it may).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = [
    "DIGITS",
    "Interval",
    "bootstrap_interval",
    "count_draws",
    "draw_blocks",
    "ratio_draws",
    "ratio_table",
]

Counts = NDArray[np.int64]
DIGITS = 6
FEWEST_BEYOND = 20
"""A percentile with fewer draws beyond it is hardly known."""


@dataclass(frozen=True)
class Interval:
    """A figure and its two one-sided bounds: each is missed with probability 1 - confidence."""

    point: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return the interval as JSON values."""
        return {"point": self.point, "low": self.low, "high": self.high}


def draw_blocks(blocks: int, *, draws: int, seed: int) -> NDArray[np.int64]:
    """Return (draws, blocks) indices in [0, blocks), drawn with replacement.

    A block is a prompt with all its samples. Samples of one prompt share its difficulty; drawing
    them one by one would understate the spread (Bisani & Ney 2004; Liu & Peng 2019).
    """
    raw = np.random.PCG64(seed).random_raw(draws * blocks)
    # The remainder's bias is below 2**-50: blocks are hundreds, the stream has 64 bits.
    index: NDArray[np.int64] = (raw % np.uint64(blocks)).astype(np.int64)
    return index.reshape(draws, blocks)


def ratio_draws(
    numerators: Counts, denominators: Counts, index: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the ratio of sums in every draw, (draws,); one count a block."""
    ratios: NDArray[np.float64] = numerators[index].sum(axis=1) / denominators[index].sum(axis=1)
    return ratios


def count_draws(index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (draws, blocks): how often each draw has each block; whole numbers, kept as floats."""
    draws, blocks = index.shape
    cells = index + blocks * np.arange(draws)[:, np.newaxis]
    counts = np.bincount(cells.ravel(), minlength=draws * blocks)
    return counts.reshape(draws, blocks).astype(np.float64)


def ratio_table(
    numerators: Counts, denominators: Counts, counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return `ratio_draws` of many figures at once, (figures, draws).

    A draw whose denominators are all 0 says nothing about a figure and gets that of all blocks.

    Args:
        numerators: (figures, blocks).
        denominators: (figures, blocks), not all 0.
        counts: (draws, blocks), see `count_draws`.
    """
    # Sums of whole numbers below 2**53 are exact in float64, in whatever order BLAS adds them.
    sums = (counts @ np.vstack([numerators, denominators]).astype(np.float64).T).T
    tops, bottoms = np.split(sums, 2)
    whole = numerators.sum(axis=1, keepdims=True) / denominators.sum(axis=1, keepdims=True)
    ratios: NDArray[np.float64] = np.where(
        bottoms > 0, tops / np.where(bottoms > 0, bottoms, 1.0), whole
    )
    return ratios


def bootstrap_interval(point: float, draws: NDArray[np.float64], *, confidence: float) -> Interval:
    """Return the percentile interval; its bounds are drawn values, without interpolation.

    At a confidence that leaves fewer than `FEWEST_BEYOND` draws beyond a bound, the normal bound
    around `point` is taken where it lies further out: the last draws know no tail.
    """
    ordered = np.sort(draws)
    cut = math.floor((1 - confidence) * len(ordered))
    low, high = float(ordered[cut]), float(ordered[len(ordered) - 1 - cut])
    if cut < FEWEST_BEYOND:
        reach = float(ndtri(confidence)) * float(np.std(ordered))
        low, high = min(low, point - reach), max(high, point + reach)
    return Interval(point=round(point, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS))
