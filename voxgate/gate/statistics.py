"""The few statistics that a verdict rests on; exact, seeded, and the same on every machine.

Everything that is resampled is an integer count, so that sums have no rounding and no order; the
generator is a raw PCG64 stream, which NumPy promises never to change (its distributions it may).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

__all__ = [
    "Interval",
    "bootstrap_interval",
    "clopper_pearson",
    "count_draws",
    "draw_blocks",
    "holm",
    "margin_factor",
    "mcnemar_worse",
    "ratio_draws",
    "ratio_table",
    "tail_share",
]

Counts = NDArray[np.int64]
DIGITS = 6


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
    """Return the percentile interval; its bounds are drawn values, without interpolation."""
    ordered = np.sort(draws)
    cut = math.floor((1 - confidence) * len(ordered))
    return Interval(
        point=round(point, DIGITS),
        low=round(float(ordered[cut]), DIGITS),
        high=round(float(ordered[len(ordered) - 1 - cut]), DIGITS),
    )


def tail_share(draws: NDArray[np.float64], limit: float) -> float:
    """Return the one-sided bootstrap p-value of "the true value is at most `limit`".

    One is added to count and draws, so that a p-value is never 0 (Davison & Hinkley 1997, 4.2).
    """
    at_most = int((draws <= limit).sum())
    return (1 + at_most) / (1 + len(draws))


def mcnemar_worse(only_challenger: int, only_champion: int) -> float:
    """Return the exact one-sided p-value that the challenger fails where the champion does not.

    Args:
        only_challenger: prompts with a catastrophe of the challenger alone.
        only_champion: prompts with a catastrophe of the champion alone.
    """
    discordant = only_challenger + only_champion
    ways = sum(math.comb(discordant, k) for k in range(only_challenger, discordant + 1))
    return float(ways / 2**discordant)


def clopper_pearson(events: int, trials: int, *, confidence: float) -> Interval:
    """Return the exact binomial bounds of a rate, each one-sided at `confidence`."""
    alpha = 1 - confidence
    low = 0.0 if events == 0 else float(betaincinv(events, trials - events + 1, alpha))
    high = 1.0 if events == trials else float(betaincinv(events + 1, trials - events, 1 - alpha))
    return Interval(
        point=round(events / trials, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS)
    )


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Holm's adjusted p-values: a family of tests, each as hard as all of them together."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    ordered = sorted(p_values.items(), key=lambda entry: (entry[1], entry[0]))
    for rank, (name, p) in enumerate(ordered):
        highest = max(highest, min(1.0, (len(ordered) - rank) * p))
        adjusted[name] = round(highest, DIGITS)
    return adjusted


def margin_factor(confidence: float, *, power: float) -> float:
    """Return how many A/A standard errors a margin needs for equal arms to pass with `power`.

    The bound lies z(confidence) above the difference, which lies less than z(power) above 0 with
    probability `power`. At 95 % and 95 % that is 1.645 + 1.645 = 3.29.
    """
    return round(float(ndtri(confidence) + ndtri(power)), DIGITS)


def order_statistic(values: Sequence[float], share: float) -> float:
    """Return the value at `share` of the sorted values, without interpolation."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]
