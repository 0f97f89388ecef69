from __future__ import annotations

from tests.fakes.http_service import MovedClock
from voxgate.adapters.http.recent import RecentFigures


def test_quantiles_are_figures_that_were_measured(clock: MovedClock) -> None:
    recent = RecentFigures(now_s=clock.now_s)
    for hundredths in reversed(range(1, 201)):
        recent.add("real_time", hundredths / 100)
    recent.add("batch", 3.0)
    assert recent.quantiles() == {
        "real_time": {"count": 200, "p50": 1.0, "p95": 1.9, "p99": 1.98},
        "batch": {"count": 1, "p50": 3.0, "p95": 3.0, "p99": 3.0},
    }


def test_what_is_older_than_the_window_is_gone(clock: MovedClock) -> None:
    recent = RecentFigures(window_s=300, now_s=clock.now_s)
    recent.add("real_time", 9.0)
    clock.seconds = 200
    recent.add("real_time", 1.0)
    clock.seconds = 300
    assert recent.quantiles()["real_time"]["count"] == 2
    clock.seconds = 301
    assert recent.quantiles()["real_time"] == {"count": 1, "p50": 1.0, "p95": 1.0, "p99": 1.0}
    clock.seconds = 501
    assert recent.quantiles() == {}


def test_of_many_the_newest_are_kept(clock: MovedClock) -> None:
    recent = RecentFigures(most=3, now_s=clock.now_s)
    for figure in range(10):
        recent.add("real_time", figure)
    assert recent.quantiles()["real_time"] == {"count": 3, "p50": 8, "p95": 9, "p99": 9}
