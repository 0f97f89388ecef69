"""What happened to campaigns, in order: rows that are only appended, each sealed.

The chain (`voxgate/hash_chain.py`) is one for all campaigns, beside the ledger's in one database.
It says who planned, approved, stopped and called back what, and the digest of every table that was
delivered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import Sealed, clock_behind, place_after, sealed
from voxgate.printable import printable

__all__ = ["Draft", "Event", "Kind", "Row", "parse_row", "seal"]


class Kind(StrEnum):
    """What an event says."""

    CREATED = "created"
    UPLOADED = "uploaded"
    PLANNED = "planned"
    STARTED = "started"
    PROOFED = "proofed"
    APPROVED = "approved"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FINISHED = "finished"
    REPORTED = "reported"
    RECALLED = "recalled"
    ERASED = "erased"
    REVIEWED = "reviewed"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An event that is not written yet. `facts` are JSON values, never texts or recipients."""

    kind: Kind
    campaign: str
    actor: str
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row(Sealed):
    """An event as it is stored: `at` and `facts` are texts."""

    sequence: int
    campaign: str
    kind: str
    actor: str
    reason: str
    at: str
    facts: str
    previous: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Event(Draft):
    """An event of a campaign. `at` is UTC; `sequence` counts from 1 without a gap."""

    sequence: int
    at: datetime
    digest: str


def seal(draft: Draft, *, after: Row | None, now: datetime) -> Row:
    """Return the row that appends `draft` after the chain's last row.

    Times never run back: an event of a clock that is behind takes the time before it and says so.
    Nothing is refused for it: to stop and to call back must always be possible.
    """
    behind = clock_behind(now, None if after is None else after.at)
    return sealed(
        Row(
            campaign=draft.campaign,
            kind=draft.kind.value,
            actor=draft.actor,
            reason=draft.reason,
            **place_after(after, draft.facts, at=now, behind=behind),
        )
    )


def parse_row(row: Row) -> Event:
    """Return the event of a row, its texts each on one line.

    Raises:
        LedgerTamperedError: the row is not what was appended, or none that voxgate writes.
    """
    if row.expected_digest() != row.digest:
        raise LedgerTamperedError(
            f"event {row.sequence} of the campaigns is not what was appended: its digest does not "
            "match its content. Restore the database from a backup."
        )
    try:
        return Event(
            sequence=row.sequence,
            campaign=printable(row.campaign),
            kind=Kind(row.kind),
            actor=printable(row.actor),
            reason=printable(row.reason),
            at=datetime.fromisoformat(row.at).astimezone(UTC),
            facts=dict(json.loads(row.facts)),
            digest=row.digest,
        )
    except (TypeError, ValueError) as error:
        raise LedgerTamperedError(
            f"event {row.sequence} of the campaigns is sealed, and is none that voxgate writes "
            f"({printable(str(error))[:200]}). Restore the database from a backup."
        ) from error
