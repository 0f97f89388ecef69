"""A sentence that failed is spoken again with other seeds, always the same ones."""

from __future__ import annotations

from collections.abc import Sequence

from voxgate.campaigns.quality.rules import SentenceQuality

__all__ = ["best_attempt", "reroll_seeds"]

_STEP = 1000
_SEEDS = 2**31


def reroll_seeds(seed: int, tries: int = 3) -> tuple[int, ...]:
    """Return the seeds that a failed sentence is spoken again with, in order.

    The seed that was used is part of the asset's key, so a re-rolled sentence is found again. A
    seed is below 2**31, so those near the end begin again at 0.

    >>> reroll_seeds(7)
    (1007, 2007, 3007)
    """
    return tuple((seed + _STEP * k) % _SEEDS for k in range(1, tries + 1))


def best_attempt(attempts: Sequence[SentenceQuality]) -> int:
    """Return which attempt is kept: the best by `SentenceQuality.order`, the first of equals.

    If that one has failed, the sentence needs a person.

    Raises:
        ValueError: there is no attempt.
    """
    return min(range(len(attempts)), key=lambda at: attempts[at].order)
