"""The list of fetched files in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from voxgate.adapters.sql.asset_fetches import SqlFetchLog
from voxgate.adapters.sql.database import open_database
from voxgate.serving.jobs.fetches import Fetched
from voxgate.settings import Settings

NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture
def log(ledger_url: str) -> SqlFetchLog:
    return SqlFetchLog(open_database(Settings(ledger_url=SecretStr(ledger_url)), Path()))


def fetched(first: int, last: int, times: int) -> Fetched:
    return Fetched(
        first_at=NOON + timedelta(minutes=first),
        last_at=NOON + timedelta(minutes=last),
        times=times,
    )


def test_what_several_processes_add_is_one_row_a_file(log: SqlFetchLog) -> None:
    assert log.fetches(["a"]) == {}
    log.add({})
    log.add({"a": fetched(5, 6, 2), "b": fetched(0, 0, 1)})
    log.add({"a": fetched(1, 5, 3)})
    log.add({"a": fetched(6, 9, 1)})
    assert log.fetches(["a", "b", "never"]) == {"a": fetched(1, 9, 6), "b": fetched(0, 0, 1)}
    assert log.fetches([]) == {}


def test_a_recall_asks_for_as_many_as_it_likes(log: SqlFetchLog) -> None:
    ids = [f"{number:040x}" for number in range(2_500)]
    log.add({asset_id: fetched(0, 0, 1) for asset_id in ids[::2]})
    assert set(log.fetches(ids)) == set(ids[::2])
