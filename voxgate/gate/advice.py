"""What to do about a verdict that the samples could not decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.gate.criterion import Criterion, Ruling
from voxgate.gate.small_data import BY_WINDOWS
from voxgate.gate.thresholds import Thresholds

__all__ = ["DRAW_MORE", "Advice", "advise"]

DRAW_MORE = "draw_more"
ASK_PERSON = "ask_person"
_MORE_SPEECH = (
    "all else is decided, and no more prompts tell how well a few windows of speech stand for the "
    "speaker: a person has to decide, or more speech to be recorded"
)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What comes after an inconclusive verdict.

    `draw_more` happens by itself: the next look, on more prompts; then `ask_person`.
    """

    action: str
    prompts_needed: int | None
    message: str


def advise(criteria: Sequence[Criterion], thresholds: Thresholds) -> Advice:
    """Say what would decide the criteria that are open."""
    undecided = [c for c in criteria if c.ruling is Ruling.INCONCLUSIVE and c.code != BY_WINDOWS]
    if not undecided:
        return Advice(action=ASK_PERSON, prompts_needed=None, message=_MORE_SPEECH)
    needed = [_prompts_needed(c, len(thresholds.prompts)) for c in undecided]
    known = [n for n in needed if n is not None]
    wanted = max(known) if len(known) == len(needed) else None
    amount = "no number of" if wanted is None else f"about {wanted}"
    look = f"look {thresholds.look} of {thresholds.max_looks}"
    if thresholds.look < thresholds.max_looks:
        message = (
            f"{look} leaves it open; the next one, on more prompts, follows by itself ({amount} "
            "prompts would decide it if the figures stay)"
        )
        return Advice(action=DRAW_MORE, prompts_needed=wanted, message=message)
    return Advice(
        action=ASK_PERSON,
        prompts_needed=wanted,
        message=f"{look} was the last, and {amount} prompts would decide it if the figures stay: "
        "a person has to decide",
    )


def _prompts_needed(criterion: Criterion, prompts: int) -> int | None:
    """Return how many prompts would decide it if the figure stays; bounds close as 1/sqrt(n)."""
    point, limit = criterion.measured["point"], criterion.threshold
    facing = criterion.measured["high"] if point <= limit else criterion.measured["low"]
    gap = abs(limit - point)
    return math.ceil(prompts * ((facing - point) / gap) ** 2) if gap > 0 else None
