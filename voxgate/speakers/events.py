"""What happened to speaker profiles, in order: rows that are only appended, each sealed.

The chain (`voxgate/hash_chain.py`) is one for all profiles, beside the ledger's in one database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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

    ENROLLED = "enrolled"
    SCORED = "scored"
    ACTIVATED = "activated"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    REVOKED = "revoked"
    CONSENT_CHANGED = "consent_changed"


_STOPS = {Kind.SUSPENDED, Kind.REVOKED}
"""No clock holds these up."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An event that is not written yet. `facts` are JSON values; `actor` is who did it."""

    kind: Kind
    profile: str
    version: int
    actor: str
    reason: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row(Sealed):
    """An event as it is stored: `at` and `facts` are texts."""

    sequence: int
    profile: str
    version: int
    kind: str
    actor: str
    reason: str
    at: str
    facts: str
    previous: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Event(Draft):
    """An event of the register. `at` is UTC; `sequence` counts from 1 without a gap."""

    sequence: int
    at: datetime
    digest: str

    @property
    def head(self) -> str:
        """Name the register up to here: sequence and digest."""
        return name_head(self.sequence, self.digest)


def seal(draft: Draft, *, after: Row | None, now: datetime) -> Row:
    """Return the row that appends `draft` after the register's last row.

    Times never run back: behind by no more than `MAX_SKEW`, an event takes the time before it.

    Raises:
        ClockError: the clock is further behind than that; a suspension or revocation is
            written nevertheless.
    """
    behind = clock_behind(now, None if after is None else after.at)
    if behind > MAX_SKEW and draft.kind not in _STOPS:
        raise ClockError(
            f"this machine's clock says {time_text(now)}, the last event of the speakers' "
            f"register is of {time_text(now + behind)}: an expiry could not be told. Correct "
            "the clock, then run again."
        )
    row = Row(
        profile=draft.profile,
        version=draft.version,
        kind=draft.kind.value,
        actor=draft.actor,
        reason=draft.reason,
        **place_after(after, draft.facts, at=now, behind=behind),
    )
    return sealed(row)


def parse_row(row: Row) -> Event:
    """Return the event of a row, its texts each on one line.

    Raises:
        LedgerTamperedError: the row is not what was appended, or none that voxgate writes.
    """
    if row.expected_digest() != row.digest:
        raise LedgerTamperedError(
            f"event {row.sequence} of the speakers' register is not what was appended: its digest "
            "does not match its content. No profile is used: restore the database from a backup."
        )
    try:
        return Event(
            sequence=row.sequence,
            profile=printable(row.profile),
            version=row.version,
            kind=Kind(row.kind),
            actor=printable(row.actor),
            reason=printable(row.reason),
            at=datetime.fromisoformat(row.at).astimezone(UTC),
            facts=dict(json.loads(row.facts)),
            digest=row.digest,
        )
    except (TypeError, ValueError) as error:
        raise LedgerTamperedError(
            f"event {row.sequence} of the speakers' register is sealed, and is none that voxgate "
            f"writes ({printable(str(error))[:200]}). No profile is used: restore the database "
            "from a backup."
        ) from error
