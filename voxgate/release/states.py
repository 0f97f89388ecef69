"""Where a version can be, and where it can go from there."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["TRANSITIONS", "State", "allows"]


class State(StrEnum):
    """The life of a version."""

    CANDIDATE = "candidate"
    """Registered; not judged yet, or its verdict is FAIL or HOLD, which is not offered."""

    PENDING = "pending"
    """Offered for a decision, until it expires."""

    APPROVED = "approved"
    """Decided, not yet promoted: on trial, or a moment, or what a crash between the two leaves."""

    LIVE = "live"
    """What users hear; at most one version of a model."""

    RETIRED = "retired"
    """Was live; a rollback may bring it back."""

    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    """Never becomes live again."""


TRANSITIONS: dict[State, frozenset[State]] = {
    State.CANDIDATE: frozenset(
        {State.CANDIDATE, State.PENDING, State.APPROVED, State.REJECTED, State.QUARANTINED}
    ),
    State.PENDING: frozenset(
        {State.CANDIDATE, State.PENDING, State.APPROVED, State.REJECTED, State.QUARANTINED}
    ),
    State.APPROVED: frozenset(
        {State.CANDIDATE, State.PENDING, State.LIVE, State.REJECTED, State.QUARANTINED}
    ),
    State.LIVE: frozenset({State.RETIRED, State.QUARANTINED}),
    State.RETIRED: frozenset({State.LIVE, State.QUARANTINED}),
    State.REJECTED: frozenset({State.QUARANTINED}),
    State.QUARANTINED: frozenset(),
}
"""New evidence takes `pending` and `approved` back to where the new verdict belongs."""


def allows(before: State, after: State) -> bool:
    """Tell whether a version may go from one state to the other."""
    return after in TRANSITIONS[before]
