"""When a running campaign is stopped because too much of it is refused.

A fixed bound alone cannot work. A small voice has one in ten names refused in its best hour, since
no recogniser knows names; a breaker at 2 % would then stop every campaign that greets people, and
be switched off. So the voice's own shares, as its calibration counted them for each kind of
sentence, say what is to be expected: a campaign trips where its refusals are above 2 % **and** so
many that a voice as calibrated would have them less than once in 1,000.

The calibration counted few sentences, and knows its own shares no better than that. Each share is
therefore a beta distribution (Jeffreys' prior and the calibration's counts), the refusals to come
are beta-binomial, and those of several kinds are added. Outcomes count first attempts, since the
calibration did: a re-roll would hide how often the voice fails.

The question is asked after every sentence. Neighbouring windows share nearly all of their outcomes,
so a campaign of 1,000 distinct sentences asks about five times anew, and a good voice is stopped in
well under one of a hundred such campaigns (tests/voxgate/campaigns/quality/test_breaker.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from voxgate.campaigns.quality.calibration import Refusals
from voxgate.campaigns.quality.expected import SentenceKind

__all__ = ["WINDOW", "Outcome", "Trip", "watch_outcomes"]

WINDOW = 200
_MAX_SHARE = 0.02
_MAX_CHANCE = 0.001
_PRIOR = 0.5


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether the first attempt at a distinct sentence was refused."""

    kind: SentenceKind
    refused: bool


@dataclass(frozen=True, kw_only=True)
class Trip:
    """Why a campaign is stopped: a stable code for machines, a sentence for people."""

    code: str
    message: str


def watch_outcomes(
    outcomes: Sequence[Outcome], own: Mapping[SentenceKind, Refusals]
) -> Trip | None:
    """Return why the campaign must stop, or None.

    Args:
        outcomes: first attempts in the order in which they ended; the last 200 count.
        own: the voice's own refusals, as its calibration counted them. A kind that it has not
            counted is judged by all of them together.

    Raises:
        ValueError: the calibration has counted nothing.
    """
    recent = outcomes[-WINDOW:]
    refused = sum(outcome.refused for outcome in recent)
    if not recent or refused <= _MAX_SHARE * len(recent):
        return None
    counts = Counter(outcome.kind for outcome in recent)
    chance = _chance_of_at_least(refused, counts, own)
    if chance >= _MAX_CHANCE:
        return None
    expected = sum(n * _share(own, kind) for kind, n in counts.items())
    return Trip(
        code="too_many_refused",
        message=(
            f"{refused} of the last {len(recent)} sentences were refused at first; the voice's "
            f"calibration expects {expected:.1f}, and so many by chance less than once in 1,000. "
            "Hear the refused ones; if the voice is as it was, calibrate it again"
        ),
    )


def _chance_of_at_least(
    refused: int, counts: Mapping[SentenceKind, int], own: Mapping[SentenceKind, Refusals]
) -> float:
    """Return the chance that so many or more are refused, if the voice is as calibrated."""
    total: NDArray[np.float64] = np.ones(1)
    for kind, n in sorted(counts.items()):
        total = np.convolve(total, _refusals_to_come(n, _counted(own, kind)))
    return float(min(1.0, total[refused:].sum()))


def _refusals_to_come(n: int, counted: Refusals) -> NDArray[np.float64]:
    """Return the chances of 0 to n refusals: beta-binomial, (n + 1,)."""
    first = counted.refused + _PRIOR
    second = counted.n - counted.refused + _PRIOR
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    chances: NDArray[np.float64] = np.exp(
        ways + betaln(k + first, n - k + second) - betaln(first, second)
    )
    return chances


def _counted(own: Mapping[SentenceKind, Refusals], kind: SentenceKind) -> Refusals:
    if kind in own:
        return own[kind]
    if not own:
        raise ValueError("the calibration has counted no refusals; expected one kind at least")
    return Refusals(
        refused=sum(one.refused for one in own.values()), n=sum(one.n for one in own.values())
    )


def _share(own: Mapping[SentenceKind, Refusals], kind: SentenceKind) -> float:
    counted = _counted(own, kind)
    return (counted.refused + _PRIOR) / (counted.n + 2 * _PRIOR)
