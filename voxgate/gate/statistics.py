"""The few statistics that a verdict rests on; exact, seeded, and the same on every machine.

What resamples prompts is `voxgate.evaluation.resampling`: checkpoints are chosen by it, too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtrit

from voxgate.evaluation.resampling import (
    DIGITS,
    Interval,
    bootstrap_interval,
    count_draws,
    draw_blocks,
    ratio_draws,
    ratio_table,
)

__all__ = [
    "DIGITS",
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


def margin_factor(confidence: float, *, power: float, prompts: int) -> float:
    """Return how many A/A standard errors a margin needs for equal arms to pass with `power`.

    The bound lies t(confidence) above the difference, which lies less than t(power) above 0 with
    probability `power`: Student's t, since so many `prompts` tell their own spread no better. At
    95 % and 95 % that is 3.29 for very many prompts, 3.33 for 72 and 3.43 for 24.
    """
    return round(float(stdtrit(prompts - 1, [confidence, power]).sum()), DIGITS)


def order_statistic(values: Sequence[float], share: float) -> float:
    """Return the value at `share` of the sorted values, without interpolation."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))]
