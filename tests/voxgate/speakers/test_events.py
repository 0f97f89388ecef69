"""Sealed rows: what is altered is noticed, and no wrong clock stops a revocation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.speaker_profiles import NOW
from voxgate.errors import ClockError, LedgerTamperedError
from voxgate.hash_chain import GENESIS, MAX_SKEW, find_breaks
from voxgate.speakers.events import Draft, Kind, parse_row, seal


def draft(kind: Kind = Kind.ACTIVATED, **changes: object) -> Draft:
    event = Draft(kind=kind, profile="anna", version=1, actor="bob", reason="heard", facts={})
    return replace(event, **changes)


def test_a_row_is_read_back_as_its_event() -> None:
    row = seal(draft(facts={"a": [1, "ä"]}), after=None, now=NOW)
    event = parse_row(row)
    assert (event.sequence, event.at, event.facts) == (1, NOW, {"a": [1, "ä"]})
    assert (row.previous, event.head) == (GENESIS, f"1:{row.digest}")


@pytest.mark.parametrize(
    "name", ["sequence", "profile", "version", "kind", "actor", "reason", "at", "facts", "previous"]
)
def test_no_field_can_be_altered(name: str) -> None:
    row = seal(draft(), after=None, now=NOW)
    value = getattr(row, name)
    altered = replace(row, **{name: value + 1 if isinstance(value, int) else value + " "})
    with pytest.raises(LedgerTamperedError, match="is not what was appended"):
        parse_row(altered)


def test_a_sealed_row_of_another_making_is_refused() -> None:
    row = replace(seal(draft(), after=None, now=NOW), kind="blessed")
    with pytest.raises(LedgerTamperedError, match="none that voxgate writes"):
        parse_row(replace(row, digest=row.expected_digest()))


def test_rows_make_a_chain() -> None:
    first = seal(draft(), after=None, now=NOW)
    second = seal(draft(Kind.SUSPENDED), after=first, now=NOW)
    assert find_breaks([first, second]) == []
    assert [f.code for f in find_breaks([second])] == ["missing"]


def test_times_never_run_back() -> None:
    first = seal(draft(), after=None, now=NOW)
    second = seal(draft(Kind.SCORED), after=first, now=NOW - MAX_SKEW)
    event = parse_row(second)
    assert event.at == NOW
    assert event.facts["clock_behind_s"] == MAX_SKEW.total_seconds()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_clock_that_is_far_behind_stops_all_but_a_stop(kind: Kind) -> None:
    first = seal(draft(), after=None, now=NOW)
    behind = NOW - MAX_SKEW - timedelta(seconds=1)
    if kind in (Kind.SUSPENDED, Kind.REVOKED):
        assert parse_row(seal(draft(kind), after=first, now=behind)).at == NOW
    else:
        with pytest.raises(ClockError, match="Correct the clock"):
            seal(draft(kind), after=first, now=behind)
