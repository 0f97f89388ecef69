"""A term that is not read as its lexicon says blocks a release, whatever was heard of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Criterion, Ruling, hold
from voxgate.gate.numbers import is_number

__all__ = ["judge_terms"]

_CODE = "terms"
_SUBJECT = "challenger"
_SHOWN = 5


def judge_terms(evidence: Evidence) -> Iterator[Criterion]:
    """Yield what the lexicons of a voice came to; nothing for a voice without any."""
    found = evidence.data.get(_CODE)
    if found is None:
        return
    checked = found.get("checked") if isinstance(found, dict) else None
    rows = found.get("differing") if isinstance(found, dict) else None
    if not is_number(checked) or not isinstance(rows, list):
        yield hold(_CODE, _SUBJECT, "the evidence does not say how the terms are read")
        return
    if not rows:
        message = f"all {checked} terms of the lexicons are read as their lines say{_heard(found)}"
        ruling = Ruling.PASS
    else:
        ruling = Ruling.FAIL
        shown = "; ".join(map(_shown, rows[:_SHOWN]))
        more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        message = (
            f"{len(rows)} sentences of {checked} terms are not read as the lexicons say: {shown}"
            f"{more} (voxgate text check)"
        )
    yield Criterion(
        code=_CODE,
        subject=_SUBJECT,
        ruling=ruling,
        message=message,
        measured=len(rows),
        threshold=0,
    )


def _heard(found: Mapping[str, Any]) -> str:
    """Say how their sentences were understood, which decides nothing."""
    rows = [row for row in found.get("heard") or [] if isinstance(row, Mapping)]
    if not rows:
        return ""
    clear = sum(row.get("errors") == 0 for row in rows)
    doubted = [str(row.get("term")) for row in rows if row.get("errors") != 0][:_SHOWN]
    listen = f" (listen to {', '.join(doubted)})" if doubted else ""
    return f"; of {len(rows)} sentences that say them, {clear} were heard without an error{listen}"


def _shown(row: Any) -> str:
    if not isinstance(row, Mapping):
        return "?"
    return (
        f"{row.get('term')} ({row.get('language')}, {row.get('where')}): "
        f"expected {row.get('expected')!r}, got {row.get('got')!r}"
    )
