"""Questions to the whole ledger: is it what was appended, and what was live at a time?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from voxgate.hash_chain import Finding, find_breaks
from voxgate.release.book import Book
from voxgate.release.events import Event, Kind, Row, parse_row
from voxgate.release.policy import Policy
from voxgate.release.replay import find_breaches

__all__ = ["describe_live", "event_json", "live_at", "log", "verify"]


def verify(
    rows: Sequence[Row], *, heads: Iterable[str] = (), policy: Policy | None = None
) -> list[Finding]:
    """Return everything that is wrong with the rows; nothing when all of them are as appended.

    The chain first, against the heads that are remembered outside (`find_breaks`); where it is
    whole, whether the rules allow what it says (`find_breaches`).
    """
    broken = find_breaks(rows)
    return [*find_breaks(rows, heads), *([] if broken else find_breaches(rows, policy))]


def log(rows: Sequence[Row], *, model: str | None = None) -> list[Event]:
    """Return the events, oldest first.

    Raises:
        LedgerTamperedError: a row is not what was appended.
    """
    return [parse_row(row) for row in rows if model in (None, row.model)]


def live_at(rows: Sequence[Row], model: str, time: datetime) -> tuple[Book, tuple[Event, ...]]:
    """Return what stood at `time`, and the model's events until then.

    Events count from the earliest time that they can have: where a wrong clock was corrected, the
    events that it had stamped too late count from the correction on.
    """
    stamps: list[tuple[datetime, Event]] = []
    earliest: datetime | None = None
    for event in reversed(log(rows)):
        earliest = event.at if earliest is None else min(earliest, event.at)
        stamps.append((earliest, event))
    known = tuple(e for at, e in reversed(stamps) if at <= time and e.model == model)
    return Book.of(model, known), known


def describe_live(book: Book, events: Sequence[Event]) -> dict[str, Any] | None:
    """Return what is live with its digests, who decided, and on which evidence; JSON values."""
    if book.live is None:
        return None
    release = book.releases[book.live]
    judgement, approval = release.judgement, release.approval
    assert judgement is not None
    assert approval is not None
    return {
        "version": release.version,
        "registry_version": release.registry_version,
        "scope": approval.scope,
        "digests": {
            "model": release.origin.model_digest,
            "data": release.origin.data_version,
            "clips": release.origin.clips_digest,
            "lexicon": release.origin.lexicon_digest,
            "benchmark": judgement.benchmark_digest,
            "protocol": judgement.protocol_digest,
            "evaluators": dict(judgement.evaluators),
            "evidence": judgement.evidence_digest,
            "verdict": judgement.verdict_digest,
        },
        "verdict": judgement.verdict,
        "compared_with": {"champion": judgement.champion, "gold": judgement.gold},
        "approval": {**asdict(approval), "until": approval.until.isoformat()},
        "trained_by": release.origin.trained_by,
        "bundle": judgement.bundle,
        "events": [
            event_json(event)
            for event in events
            if event.version == release.version and event.kind is not Kind.VOTED
        ],
    }


def event_json(event: Event) -> dict[str, Any]:
    """Return an event as JSON values."""
    return {**vars(event), "kind": event.kind.value, "at": event.at.isoformat()}
