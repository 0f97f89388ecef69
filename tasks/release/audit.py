"""`audit`: answers about the past, from the ledger alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasks.heads import heads_outside
from tasks.moments import parse_moment
from voxgate.clock import utc_now
from voxgate.errors import ConfigError
from voxgate.hash_chain import name_head
from voxgate.release.audit import describe_live, event_json, live_at, log, verify
from voxgate.release.events import Draft, Kind
from voxgate.release.policy import require_person, require_words
from voxgate.settings import load_settings
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.release import open_ledger

__all__ = ["correct_clock", "read_log", "verify_ledger", "what_was_live"]


def read_log(root: Path) -> list[dict[str, Any]]:
    """Return every event, oldest first, as JSON values.

    Raises:
        LedgerTamperedError: a row is not what was appended.
    """
    rows = open_ledger(load_settings(), root).rows()
    return [event_json(event) for event in log(rows)]


def what_was_live(root: Path, time: str) -> dict[str, Any]:
    """Return what was live at an ISO time (UTC where it names no zone), with digests.

    Raises:
        ConfigError: it is no time, or one to come.
        LedgerTamperedError: a row is not what was appended.
    """
    moment = parse_moment("time", time)
    if moment > utc_now():
        raise ConfigError("time", [f"{time} is still to come"])
    checkout = Checkout.open(root)
    model = checkout.params.gate.model_name
    rows = open_ledger(checkout.settings, root).rows()
    book, events = live_at(rows, model, moment)
    corrections = [event_json(e) for e in log(rows) if e.kind is Kind.CLOCK_CORRECTED]
    return {
        "at": moment.isoformat(),
        "model": model,
        "events": len(events),
        "clock_corrections": corrections,
        "live": describe_live(book, events),
    }


def verify_ledger(root: Path, head: str | None) -> dict[str, Any]:
    """Check every row, and the chain against the heads that are remembered outside.

    Those are `head`, the last one that this checkout saw, and the one that the registry followed
    last, where it can be reached.

    Raises:
        ConfigError: `head` is not SEQUENCE:DIGEST.
    """
    desk = Checkout.open(root).desk
    # Before the rows: whoever appends meanwhile notes a newer one.
    heads = heads_outside(head, desk.anchor) | desk.remembered_heads
    rows = desk.ledger.rows()
    findings = verify(rows, heads=heads.values(), policy=desk.policy)
    return {
        "events": len(rows),
        "head": name_head(rows[-1].sequence, rows[-1].digest) if rows else None,
        "compared_with": list(heads),
        "findings": [vars(finding) for finding in findings],
    }


def correct_clock(root: Path, *, by: str, reason: str) -> int:
    """Record that the last event was stamped by a wrong clock; returns the event's number.

    Raises:
        ReleaseError: no name or no reason.
    """
    require_words(by, reason)
    require_person(by)
    checkout = Checkout.open(root)
    model = checkout.params.gate.model_name
    draft = Draft(
        kind=Kind.CLOCK_CORRECTED, model=model, version=None, actor=by, reason=reason, facts={}
    )
    event = checkout.desk.append(lambda _book, _now: draft)
    assert event is not None
    return event.sequence
