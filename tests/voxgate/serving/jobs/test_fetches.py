from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from voxgate.errors import ExternalServiceError
from voxgate.serving.jobs.fetches import FetchBook, Fetched

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class MemoryLog:
    """Implements `FetchLog` in memory; `away` refuses."""

    def __init__(self) -> None:
        self.rows: dict[str, Fetched] = {}
        self.writes = 0
        self.away = False

    def add(self, fetched: Mapping[str, Fetched]) -> None:
        if self.away:
            raise ExternalServiceError("the database does not answer")
        self.writes += 1
        for asset_id, each in fetched.items():
            known = self.rows.get(asset_id)
            self.rows[asset_id] = each if known is None else known.plus(each)

    def fetches(self, asset_ids: Sequence[str]) -> Mapping[str, Fetched]:
        return {each: self.rows[each] for each in asset_ids if each in self.rows}


class Clock:
    """Noon, and a minute later each time."""

    def __init__(self) -> None:
        self.minutes = -1

    def __call__(self) -> datetime:
        self.minutes += 1
        return NOON + timedelta(minutes=self.minutes)


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def test_notes_cost_no_write_until_they_are_kept_together(log: MemoryLog) -> None:
    book = FetchBook(log, clock=Clock())
    book.keep()
    for asset_id in ("a", "b", "a"):
        book.note(asset_id)
    assert log.writes == 0
    book.keep()
    book.keep()
    assert log.writes == 1
    last = NOON + timedelta(minutes=2)
    assert log.fetches(["a", "c"]) == {"a": Fetched(first_at=NOON, last_at=last, times=2)}


def test_an_outage_loses_nothing(log: MemoryLog) -> None:
    book = FetchBook(log, clock=Clock())
    book.note("a")
    log.away = True
    with pytest.raises(ExternalServiceError):
        book.keep()
    book.note("a")
    log.away = False
    book.keep()
    last = NOON + timedelta(minutes=1)
    assert log.rows == {"a": Fetched(first_at=NOON, last_at=last, times=2)}


def test_what_does_not_fit_is_counted_and_said(
    log: MemoryLog, caplog: pytest.LogCaptureFixture
) -> None:
    book = FetchBook(log, most_waiting=2, clock=Clock())
    for asset_id in ("a", "b", "c", "a", "c"):
        book.note(asset_id)
    with caplog.at_level(logging.ERROR):
        book.keep()
    assert "2 fetches of files are not in the list" in caplog.text
    assert {asset_id: each.times for asset_id, each in log.rows.items()} == {"a": 2, "b": 1}
    caplog.clear()
    book.note("c")
    book.keep()
    assert (log.rows["c"].times, caplog.text) == (1, "")


def test_threads_lose_no_note(log: MemoryLog) -> None:
    book = FetchBook(log)
    start = threading.Barrier(5)

    def noting() -> None:
        start.wait()
        for _ in range(500):
            book.note("a")

    threads = [threading.Thread(target=noting) for _ in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    while any(thread.is_alive() for thread in threads):
        book.keep()
    book.keep()
    assert log.rows["a"].times == 2_000
