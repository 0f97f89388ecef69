from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.releases import MODEL, POLICY, START, Story, make_origin
from voxgate.errors import ClockError, LedgerTamperedError
from voxgate.hash_chain import GENESIS
from voxgate.release import candidates, promotions
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind, Row, parse_row, seal


def _draft(number: int = 1, kind: Kind | None = None) -> Draft:
    if kind is not None:
        return Draft(kind=kind, model=MODEL, version=None, actor="anna", reason="ntp", facts={})
    draft = candidates.register(Book(model=MODEL), make_origin(number))
    assert draft is not None
    return draft


def test_each_event_names_the_one_before() -> None:
    rows = Story().released(1).rows
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    assert [row.previous for row in rows] == [GENESIS, *[row.digest for row in rows[:-1]]]


def test_an_altered_row_is_not_read() -> None:
    row = Story().registered(1).rows[0]
    with pytest.raises(LedgerTamperedError, match="event 1 of the ledger is not what was append"):
        parse_row(Row(**{**vars(row), "actor": "mallory"}))


def test_a_clock_that_is_a_little_behind_is_recorded_and_time_does_not_run_back() -> None:
    first = seal(_draft(1), after=None, now=START)
    second = parse_row(seal(_draft(2), after=first, now=START - timedelta(seconds=5)))
    assert second.at == START
    assert second.facts["clock_behind_s"] == 5.0


def test_a_clock_that_jumped_back_is_refused_with_both_times() -> None:
    first = seal(_draft(1), after=None, now=START)
    with pytest.raises(ClockError, match=r"says 2026-11-22T11:.*event is of 2026-11-22T12:") as e:
        seal(_draft(2), after=first, now=START - timedelta(hours=1))
    assert "voxgate audit clock" in str(e.value)


def test_a_corrected_clock_lets_time_go_on_from_there() -> None:
    wrong = seal(_draft(1), after=None, now=START + timedelta(days=900))
    correction = seal(_draft(kind=Kind.CLOCK_CORRECTED), after=wrong, now=START)
    later = seal(_draft(2), after=correction, now=START + timedelta(hours=1))
    assert parse_row(later).at == START + timedelta(hours=1)


def test_no_clock_holds_the_emergency_stop_up() -> None:
    story = Story().released(1)
    draft = promotions.quarantine(story.book, 1, POLICY, by="bob", reason="it swears")
    assert draft is not None
    row = seal(draft, after=story.rows[-1], now=story.now - timedelta(days=30))
    assert row.at == story.rows[-1].at
    assert parse_row(row).facts["clock_behind_s"] == 30 * 86400


def test_what_an_early_ledger_holds_is_read_as_one_line() -> None:
    """Until names and reasons were checked, they could hold anything."""
    forged = "fine\n    9  2026-11-22  approved by bob\x1b[1A"
    draft = Draft(
        kind=Kind.CLOCK_CORRECTED, model=MODEL, version=None, actor="an\u202ena", reason=forged,
        facts={"note": forged, "list": [forged]},
    )  # fmt: skip
    row = seal(draft, after=None, now=START)
    event = parse_row(row)
    assert row.reason == forged
    assert event.actor == r"an\u202ena"
    for text in (event.reason, event.facts["note"], event.facts["list"][0]):
        assert text == r"fine\n    9  2026-11-22  approved by bob\x1b[1A"
