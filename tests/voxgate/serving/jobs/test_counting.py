from __future__ import annotations

import pytest

from tests.fakes.http_service import MovedClock
from voxgate.errors import ExternalServiceError
from voxgate.serving.jobs.counting import JobCounts
from voxgate.serving.jobs.records import JobStatus


class Rows:
    def __init__(self) -> None:
        self.found = {JobStatus.QUEUED: 3}
        self.asked = 0
        self.away = False

    def __call__(self) -> dict[JobStatus, int]:
        self.asked += 1
        if self.away:
            raise ExternalServiceError("the database is away")
        return self.found


@pytest.fixture
def rows() -> Rows:
    return Rows()


def test_a_count_has_every_status_and_asks_once(rows: Rows) -> None:
    counts = JobCounts(rows)
    assert (counts.latest(), rows.asked) == (None, 0)
    counts.refresh()
    expected = {status: 3 if status is JobStatus.QUEUED else 0 for status in JobStatus}
    assert counts.latest() == counts.latest() == expected
    assert rows.asked == 1


def test_a_database_that_is_away_leaves_no_count(rows: Rows) -> None:
    counts = JobCounts(rows)
    counts.refresh()
    rows.away = True
    with pytest.raises(ExternalServiceError):
        counts.refresh()
    assert counts.latest() is None
    rows.away = False
    counts.refresh()
    assert counts.latest() is not None


def test_a_count_that_nobody_refreshes_is_none_after_a_while(rows: Rows) -> None:
    clock = MovedClock()
    counts = JobCounts(rows, max_stale_s=60.0, now_s=clock.now_s)
    counts.refresh()
    clock.seconds += 60.0
    assert counts.latest() is not None
    clock.seconds += 0.1
    assert counts.latest() is None
