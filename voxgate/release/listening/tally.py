"""What votes come to: counts by prompt, exact tests, and whether they settle the question.

The unit is the prompt: several listeners on one prompt give it one sign, that of their majority,
because they heard the same two recordings. A vote that was changed after the reveal, and one of
whoever trained the version, stands and is shown, and settles nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voxgate.gate.statistics import clopper_pearson, mcnemar_worse
from voxgate.release.policy import Policy, VoteRule
from voxgate.release.records import Release
from voxgate.release.votes import Choice, Vote, votes_digest

__all__ = ["Count", "Outcome", "Tally", "tally"]

INTERVAL = 0.95
"""Confidence of the two-sided interval that is shown; what settles is `gate.confidence`."""

DIGITS = 6


class Outcome(StrEnum):
    """What the votes show about the version."""

    NO_WORSE = "no_worse"
    WORSE = "worse"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Count:
    """On how many prompts the version is better, worse, or no different."""

    better: int = 0
    worse: int = 0
    same: int = 0

    @property
    def prompts(self) -> int:
        """How many prompts were voted on."""
        return self.better + self.worse + self.same

    @property
    def p_value(self) -> float:
        """Exact two-sided sign test of "neither is preferred"; ties are left out."""
        tail = mcnemar_worse(max(self.better, self.worse), min(self.better, self.worse))
        return round(min(1.0, 2 * tail), DIGITS)

    def lead_bound(self, confidence: float) -> float:
        """Return the upper bound of the share of prompts lost minus the share won.

        Each of the two exact bounds gets half of the error (Bonferroni), so it holds whatever the
        share of ties is; it is wider than it need be.
        """
        each = (1 + confidence) / 2
        lost = clopper_pearson(self.worse, self.prompts, confidence=each).high
        return lost - clopper_pearson(self.better, self.prompts, confidence=each).low

    def as_json(self) -> dict[str, Any]:
        """Return the counts with the share that prefers the version; None where nobody chose."""
        decided = self.better + self.worse
        figures: dict[str, Any] = {"share": None, "low": None, "high": None, "p_value": None}
        if decided:
            bounds = clopper_pearson(self.better, decided, confidence=(1 + INTERVAL) / 2)
            figures = {
                "share": bounds.point,
                "low": bounds.low,
                "high": bounds.high,
                "p_value": self.p_value,
            }
        return {**vars(self), "prompts": self.prompts, **figures}

    @staticmethod
    def of(signs: Iterable[int]) -> Count:
        """Count signs: above 0 is better."""
        listed = list(signs)
        return Count(
            better=sum(sign > 0 for sign in listed),
            worse=sum(sign < 0 for sign in listed),
            same=sum(sign == 0 for sign in listed),
        )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The standing votes on a version beside one rival; None rated it alone.

    `count` are the prompts that settle; `listeners` everything that each one said. `changed` votes
    were given again after the reveal; `own` come from whoever trained it. `digest` names all of
    them.
    """

    version: int
    rival: int | None
    count: Count
    listeners: Mapping[str, Count]
    ratings: tuple[int, ...]
    changed: int
    own: int
    digest: str | None
    outcome: Outcome
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        mean = round(sum(self.ratings) / len(self.ratings), 3) if self.ratings else None
        return {
            **vars(self),
            "count": self.count.as_json(),
            "listeners": {name: count.as_json() for name, count in self.listeners.items()},
            "ratings": {"votes": len(self.ratings), "mean": mean},
            "outcome": self.outcome.value,
        }

    def as_facts(self) -> dict[str, Any] | None:
        """Return what a decision keeps of the votes; None without any."""
        if self.digest is None:
            return None
        return {
            "digest": self.digest,
            "rival": self.rival,
            "outcome": self.outcome.value,
            "listeners": sorted(self.listeners),
            **vars(self.count),
        }


def tally(release: Release, rival: int | None, policy: Policy) -> Tally:
    """Count the votes on a version beside `rival`, and say what they settle."""
    votes = [vote for vote in release.votes.values() if vote.rival == rival]
    own = [vote for vote in votes if policy.is_trainer(vote.listener, release)]
    counted = [vote for vote in votes if vote.blind and vote not in own]
    compared = rival is not None
    count = Count.of(_signs_by_prompt(counted)) if compared else Count()
    outcome, reason = _settle(count, policy.votes) if compared else (Outcome.OPEN, _ALONE)
    return Tally(
        version=release.version,
        rival=rival,
        count=count,
        listeners=_by_listener(votes),
        ratings=tuple(vote.rating for vote in counted if vote.rating is not None),
        changed=sum(not vote.blind for vote in votes),
        own=len(own),
        digest=votes_digest(release.votes, rival),
        outcome=outcome,
        reason=reason,
    )


_ALONE = "rated alone: there is no other version to be better or worse than"
_SIGN = {Choice.BETTER: 1, Choice.WORSE: -1, Choice.SAME: 0}


def _signs_by_prompt(votes: Iterable[Vote]) -> list[int]:
    signs: dict[str, int] = defaultdict(int)
    for vote in votes:
        signs[vote.prompt_id] += _SIGN[vote.choice]
    return list(signs.values())


def _by_listener(votes: Iterable[Vote]) -> dict[str, Count]:
    signs: dict[str, list[int]] = defaultdict(list)
    for vote in votes:
        signs[vote.key[0]] += [] if vote.rating is not None else [_SIGN[vote.choice]]
    return {name: Count.of(listed) for name, listed in sorted(signs.items())}


def _settle(count: Count, rule: VoteRule) -> tuple[Outcome, str]:
    if count.prompts < rule.min_prompts:
        return Outcome.OPEN, f"{count.prompts} of {rule.min_prompts} prompts (gate.min_votes)"
    p_worse = mcnemar_worse(count.worse, count.better)
    if p_worse <= 1 - rule.confidence:
        return Outcome.WORSE, (
            f"worse on {count.worse} prompts, better on {count.better}: one-sided p {p_worse:.4f}"
        )
    bound = count.lead_bound(rule.confidence)
    text = (
        f"lost on at most {100 * bound:.1f} points more prompts than won, limit "
        f"{100 * rule.preference_margin:.0f} (gate.preference_margin)"
    )
    return (Outcome.NO_WORSE if bound <= rule.preference_margin else Outcome.OPEN), text
