"""Exact tests that may be looked at as often as one likes, while counts grow.

An ordinary p-value below 1 % comes about sooner or later if one looks at it every minute. What is
computed here is a betting score: how much richer somebody would be by now who had bet, at the fair
odds of the hypothesis, on each event. If the hypothesis holds, the score ever reaches 1/a with a
probability of at most a, over all looks together (Ville's inequality). The bets are spread evenly
over all rates that the hypothesis excludes, so a score needs the counts alone and has a closed form
by the beta function (Robbins 1970).
"""

from __future__ import annotations

import math

from scipy.special import betainc, betaln

__all__ = ["evidence_above", "upper_bound"]

_STEPS = 60
"""Halvings of the interval in which a bound is looked for: below the last bit of a float."""


def evidence_above(limit: float, events: int, trials: int) -> float:
    """Return the score against "the rate is at most `limit`".

    `limit` is above 0; at 1 there is nothing to bet on. For 1/2, and pairs of which one alone has
    the event, this is a sequential form of McNemar's test.
    """
    if trials == 0 or limit >= 1.0:
        return 1.0
    hits, misses = events + 1, trials - events + 1
    excluded = float(betainc(misses, hits, 1.0 - limit))
    if excluded == 0.0:
        return 0.0
    log_score = (
        float(betaln(hits, misses))
        + math.log(excluded)
        - events * math.log(limit)
        - misses * math.log1p(-limit)
    )
    return math.exp(min(log_score, 700.0))


def upper_bound(events: int, trials: int, *, level: float) -> float:
    """Return a bound that the rate is ever above with a probability of at most `level`."""
    if events == trials:
        return 1.0
    low, high = events / trials, 1.0
    won = float(betaln(events + 1, trials - events + 1))  # by bets spread over all rates
    for _ in range(_STEPS):
        middle = (low + high) / 2
        score = _score(middle, events, trials, won)
        low, high = (low, middle) if score >= 1 / level else (middle, high)
    return high


def _score(rate: float, events: int, trials: int, won: float) -> float:
    """Return the score against "the rate is `rate`"; `won` is the logarithm of what bets won."""
    log_score = won - (
        (events * math.log(rate) if events else 0.0) + (trials - events) * math.log1p(-rate)
    )
    return math.exp(min(log_score, 700.0))
