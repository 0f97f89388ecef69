"""Questions to the whole ledger: is it what was appended, and what was live at a time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from voxgate.errors import LedgerTamperedError
from voxgate.release.book import Book
from voxgate.release.events import GENESIS, Event, Kind, Row, parse_row
from voxgate.release.votes import votes_digest

__all__ = ["Finding", "describe_live", "event_json", "live_at", "log", "verify"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something in the ledger that was not appended there. `sequence` is where it shows."""

    sequence: int
    code: str
    message: str


def verify(rows: Sequence[Row], *, heads: Iterable[str] = ()) -> list[Finding]:
    """Return everything that is wrong with the rows; nothing when all of them are as appended.

    A chain cannot miss its own end: rows that were cut off at the tail, or a chain that was
    rewritten as a whole, show only against a head (`sequence:digest`) that is remembered outside.
    """
    findings: list[Finding] = []
    previous, expected = GENESIS, 1
    for row in rows:
        if row.sequence != expected:
            findings.append(_finding(row, "missing", f"event {expected} is not there"))
        elif row.previous != previous:
            findings.append(
                _finding(row, "broken_link", "it does not follow the event that stands before it")
            )
        if row.expected_digest() != row.digest:
            findings.append(_finding(row, "altered", "its content does not match its digest"))
        previous, expected = row.digest, row.sequence + 1
    return [*findings, *_against_heads(rows, heads), *([] if findings else _against_rules(rows))]


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


def _against_heads(rows: Sequence[Row], heads: Iterable[str]) -> list[Finding]:
    digests = {row.sequence: row.digest for row in rows}
    findings = []
    for head in heads:
        number, _, digest = head.partition(":")
        sequence = int(number)
        if sequence not in digests:
            text = f"event {sequence} was remembered outside; the ledger ends at {len(rows)}"
            findings.append(Finding(sequence=sequence, code="truncated", message=text))
        elif digests[sequence] != digest:
            text = f"event {sequence} was remembered outside with another digest"
            findings.append(Finding(sequence=sequence, code="rewritten", message=text))
    return findings


def _against_rules(rows: Sequence[Row]) -> list[Finding]:
    """Replay the transitions: a row that was sealed well may still claim what no rule allows."""
    findings = []
    for model in sorted({row.model for row in rows}):
        book = Book(model=model)
        for event in log(rows, model=model):
            try:
                book = book.after(event)
            except LedgerTamperedError as error:
                findings.append(
                    Finding(sequence=event.sequence, code="impossible", message=str(error))
                )
                break
            if event.kind is Kind.APPROVED:
                findings += _against_approval(book, event)
    return findings


def _against_approval(book: Book, event: Event) -> Iterator[Finding]:
    assert event.version is not None
    release = book.releases[event.version]
    if release.origin.trained_by.casefold() == event.actor.casefold():
        text = f"{event.actor} approved a version that they trained"
        yield Finding(sequence=event.sequence, code="own_approval", message=text)
    votes = event.facts.get("votes")
    if votes is not None and votes["digest"] != votes_digest(release.votes, votes["rival"]):
        text = "the approval names votes that did not stand when it was given"
        yield Finding(sequence=event.sequence, code="other_votes", message=text)


def _finding(row: Row, code: str, what: str) -> Finding:
    return Finding(sequence=row.sequence, code=code, message=f"event {row.sequence}: {what}")
