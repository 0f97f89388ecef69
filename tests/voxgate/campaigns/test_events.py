from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from voxgate.campaigns.events import Draft, Kind, parse_row, seal
from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import find_breaks, sealed

NOW = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)


def draft(kind: Kind = Kind.CREATED, **facts) -> Draft:
    return Draft(kind=kind, campaign="spring", actor="anna", reason="because", facts=facts)


def test_rows_follow_each_other_and_say_what_was_appended():
    first = seal(draft(), after=None, now=NOW)
    second = seal(draft(Kind.PLANNED, cells=3), after=first, now=NOW)
    assert not find_breaks([first, second])
    event = parse_row(second)
    assert (event.kind, event.facts, event.sequence) == (Kind.PLANNED, {"cells": 3}, 2)


def test_a_clock_that_is_behind_stops_nothing_and_is_written_down():
    first = seal(draft(), after=None, now=NOW)
    second = seal(draft(Kind.RECALLED), after=first, now=NOW - timedelta(hours=2))
    event = parse_row(second)
    assert event.at == NOW
    assert event.facts["clock_behind_s"] == 7200.0


def test_an_altered_row_is_refused():
    row = seal(draft(), after=None, now=NOW)
    with pytest.raises(LedgerTamperedError, match="event 1"):
        parse_row(replace(row, actor="somebody else"))


@pytest.mark.parametrize("change", [{"kind": "eaten"}, {"facts": "[1"}, {"at": "noon"}])
def test_a_sealed_row_that_voxgate_never_writes_is_refused(change):
    row = sealed(replace(seal(draft(), after=None, now=NOW), **change))
    with pytest.raises(LedgerTamperedError, match="none that voxgate writes"):
        parse_row(row)
