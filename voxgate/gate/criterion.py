"""What the gate says about one question: measured against a threshold, with its reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voxgate.gate.statistics import Interval, mcnemar_worse

__all__ = [
    "Criterion",
    "Ruling",
    "at_least",
    "at_most",
    "hold",
    "on_no_more_prompts",
    "within",
    "worst",
]


class Ruling(StrEnum):
    """The four answers, from best to worst.

    HOLD ranks above FAIL: a number that could not be trusted supports no answer, not even a bad
    one, and somebody has to repair the measurement first.
    """

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"
    HOLD = "HOLD"


_RANK = {ruling: rank for rank, ruling in enumerate(Ruling)}


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One question and its answer.

    `code` is stable for machines. `subject` says whom it is about: challenger, champion, gold, or
    a slice. `measured` is a number, the bounds of an interval, or None where nothing was measured.
    """

    code: str
    subject: str
    ruling: Ruling
    message: str
    measured: Any = None
    threshold: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return the criterion as JSON values."""
        return {
            "code": self.code,
            "subject": self.subject,
            "ruling": self.ruling.value,
            "message": self.message,
            "measured": self.measured,
            "threshold": self.threshold,
        }


def worst(rulings: Iterable[Ruling]) -> Ruling:
    """Return the ruling that decides; nothing judged at all is a HOLD."""
    return max(rulings, key=_RANK.__getitem__, default=Ruling.HOLD)


def hold(
    code: str, subject: str, message: str, *, measured: Any = None, threshold: Any = None
) -> Criterion:
    """Return a HOLD with its typed reason."""
    return Criterion(
        code=code,
        subject=subject,
        ruling=Ruling.HOLD,
        message=message,
        measured=_finite(measured),
        threshold=_finite(threshold),
    )


def at_most(code: str, subject: str, what: str, interval: Interval, limit: float) -> Criterion:
    """Judge "not above `limit`": PASS by the upper bound, FAIL by the lower one."""
    if interval.high <= limit:
        ruling, word = Ruling.PASS, "at most"
    elif interval.low > limit:
        ruling, word = Ruling.FAIL, "above"
    else:
        ruling, word = Ruling.INCONCLUSIVE, "neither surely above nor surely below"
    return _against(code, subject, f"{what} is {word}", interval, limit, ruling)


def at_least(code: str, subject: str, what: str, interval: Interval, limit: float) -> Criterion:
    """Judge "not below `limit`": PASS by the lower bound, FAIL by the upper one."""
    if interval.low >= limit:
        ruling, word = Ruling.PASS, "at least"
    elif interval.high < limit:
        ruling, word = Ruling.FAIL, "below"
    else:
        ruling, word = Ruling.INCONCLUSIVE, "neither surely above nor surely below"
    return _against(code, subject, f"{what} is {word}", interval, limit, ruling)


def within(
    code: str, subject: str, what: str, interval: Interval, limits: tuple[float, float]
) -> Criterion:
    """Judge "between both `limits`": the graver of `at_least` and `at_most`, else the nearer."""
    low, high = limits
    sides = (
        at_least(code, subject, what, interval, low),
        at_most(code, subject, what, interval, high),
    )
    if sides[0].ruling is not sides[1].ruling:
        return max(sides, key=lambda side: _RANK[side.ruling])
    return sides[0] if interval.low - low < high - interval.high else sides[1]


def on_no_more_prompts(
    code: str,
    subject: str,
    what: str,
    who: str,
    *,
    alone: tuple[int, int],
    alpha: float,
    named: str = "",
) -> Criterion:
    """Judge "fails on no more prompts than `subject`" by McNemar's exact test at `alpha`.

    Args:
        code: of the criterion.
        subject: the rival.
        what: the fault, in words.
        who: the voice that is judged.
        alone: how many prompts only the voice has the fault on, and only the rival.
        alpha: level of the test.
        named: which those of the voice are, in words.
    """
    worse, better = alone
    p = round(mcnemar_worse(worse, better), 6)
    significant = p < alpha
    return Criterion(
        code=code,
        subject=subject,
        ruling=Ruling.FAIL if significant else Ruling.PASS,
        message=f"{what} of the {who} alone: {worse}{named}, of the {subject} alone: {better}; "
        f"McNemar p = {p:g} is {'significant' if significant else 'not significant'}",
        measured=p,
        threshold=alpha,
    )


def _finite(value: Any) -> Any:
    """Keep what JSON can say; NaN is shown as nothing measured."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (str, int, float)) else None


def _against(
    code: str, subject: str, text: str, interval: Interval, limit: float, ruling: Ruling
) -> Criterion:
    limit = round(limit, 6)
    return Criterion(
        code=code,
        subject=subject,
        ruling=ruling,
        message=f"{text} {limit:g}: {interval.point:g} [{interval.low:g}, {interval.high:g}]",
        measured=interval.as_json(),
        threshold=limit,
    )
