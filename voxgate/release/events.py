"""What happened, in order: events that are only ever appended, each sealed with the one before.

The digest covers the stored texts themselves, so that no rendering of a number or of a time can
differ between the one who wrote a row and the one who checks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from voxgate.errors import ClockError, LedgerTamperedError
from voxgate.hash_chain import (
    MAX_SKEW,
    Sealed,
    clock_behind,
    name_head,
    place_after,
    sealed,
    time_text,
)
from voxgate.printable import printable

__all__ = ["Draft", "Event", "Kind", "Row", "parse_row", "seal"]


class Kind(StrEnum):
    """What an event says."""

    REGISTERED = "registered"
    NOMINATED = "nominated"
    LOOKED = "looked"
    JUDGED = "judged"
    APPROVED = "approved"
    REJECTED = "rejected"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    QUARANTINED = "quarantined"
    GOLD_NAMED = "gold_named"
    RESTORED = "restored"
    MONITORED = "monitored"
    CLOCK_CORRECTED = "clock_corrected"
    VOTED = "voted"
    MEASURED = "measured"
    TRADE_SIGNED = "trade_signed"
    TRADE_REVOKED = "trade_revoked"
    TRIAL_STARTED = "trial_started"
    TRIAL_STOPPED = "trial_stopped"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An event that is not written yet. `facts` are JSON values; `actor` is who did it."""

    kind: Kind
    model: str
    version: int | None
    actor: str
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row(Sealed):
    """An event as it is stored: `at` and `facts` are texts."""

    sequence: int
    model: str
    version: int | None
    kind: str
    actor: str
    reason: str
    at: str
    facts: str
    previous: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Event(Draft):
    """An event of the ledger. `at` is UTC; `sequence` counts from 1 without a gap."""

    sequence: int
    at: datetime
    digest: str

    @property
    def head(self) -> str:
        """Name the ledger up to here: sequence and digest."""
        return name_head(self.sequence, self.digest)


def seal(draft: Draft, *, after: Row | None, now: datetime) -> Row:
    """Return the row that appends `draft` after the ledger's last row.

    Events are ordered by sequence and their times never run back: a clock that is behind by no
    more than `MAX_SKEW` is recorded as a fact and the event takes the time of the one before it.

    Raises:
        ClockError: the clock is further behind than that.
    """
    behind = clock_behind(now, None if after is None else after.at)
    if draft.kind is Kind.CLOCK_CORRECTED:
        behind = timedelta(0)
    # No clock holds the emergency stop up.
    if behind > MAX_SKEW and draft.kind is not Kind.QUARANTINED:
        raise ClockError(
            f"this machine's clock says {time_text(now)}, the ledger's last event is of "
            f"{time_text(now + behind)}: a clock that jumped back would put the audit out of "
            "order. Correct the clock. If it is right and the last event was stamped by a "
            "wrong one, record that: `voxgate audit clock --by YOU --reason WHY`."
        )
    row = Row(
        model=draft.model,
        version=draft.version,
        kind=draft.kind.value,
        actor=draft.actor,
        reason=draft.reason,
        **place_after(after, draft.facts, at=now, behind=behind),
    )
    return sealed(row)


def parse_row(row: Row) -> Event:
    """Return the event of a row, its texts each on one line (`printable`).

    A text of an early ledger may hold what is refused at entry today; nobody who reads an event
    has to think of it.

    Raises:
        LedgerTamperedError: the row is not what was appended.
    """
    if row.expected_digest() != row.digest:
        raise LedgerTamperedError(
            f"event {row.sequence} of the ledger is not what was appended: its digest does not "
            "match its content. Nothing is decided on it: run `voxgate audit verify`, and restore "
            "the ledger from a backup."
        )
    try:
        return Event(
            sequence=row.sequence,
            model=printable(row.model),
            version=row.version,
            kind=Kind(row.kind),
            actor=printable(row.actor),
            reason=printable(row.reason),
            at=datetime.fromisoformat(row.at).astimezone(UTC),
            facts=printable(dict(json.loads(row.facts))),
            digest=row.digest,
        )
    except (TypeError, ValueError) as error:
        raise LedgerTamperedError(
            f"event {row.sequence} of the ledger is sealed, and is none that voxgate writes "
            f"({printable(str(error))[:200]}). Nothing is decided on it: restore the ledger from a "
            "backup."
        ) from error
