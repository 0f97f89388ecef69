from __future__ import annotations

import re

import pytest

from tests.fakes.http_service import MovedClock
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.http.metrics import Metrics, Telling
from voxgate.campaigns.records import CellState
from voxgate.serving.jobs.records import JobStatus
from voxgate.serving.ports import Readiness

NAMES = {
    "voxgate_speech_requests_total",
    "voxgate_speech_ttfb_seconds",
    "voxgate_speech_seconds",
    "voxgate_speech_audio_seconds_total",
    "voxgate_speech_rtf",
    "voxgate_speech_underruns_total",
    "voxgate_queue_depth",
    "voxgate_queue_oldest_age_seconds",
    "voxgate_workers",
    "voxgate_cache_requests_total",
    "voxgate_admission_refused_total",
    "voxgate_build_info",
    "voxgate_jobs",
}


def ready() -> Readiness:
    return Readiness(
        ready=True,
        lanes={"batch": {"workers": {"warm": 3}, "last_death": "somebody's text"}, "real_time": {}},
    )


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(version="1", readiness=ready)


def page(metrics: Metrics) -> str:
    return metrics.page().decode()


def test_the_names_are_those_of_the_manual(metrics: Metrics) -> None:
    named = set(re.findall(r"# TYPE (\S+)", page(metrics)))
    created = {name for name in named if name.endswith("_created")}
    assert named - created == NAMES


def test_what_a_lane_does_not_tell_is_not_made_up(metrics: Metrics) -> None:
    text = page(metrics)
    assert 'voxgate_workers{lane="batch",state="warm"} 3.0' in text
    assert "voxgate_queue_depth{" not in text
    assert "somebody" not in text


def test_lanes_are_told_by_the_names_that_a_pool_gives(service: FakeSpeechService) -> None:
    text = page(Metrics(version="1", readiness=service.readiness))
    assert 'voxgate_queue_depth{lane="real_time"} 2.0' in text
    assert 'voxgate_queue_oldest_age_seconds{lane="real_time"} 0.5' in text
    for state, count in (("places", 2), ("spares", 1), ("warm", 2), ("at_work", 1)):
        assert f'voxgate_workers{{lane="real_time",state="{state}"}} {count}.0' in text


def test_jobs_are_told_by_state_and_not_at_all_where_nobody_knows() -> None:
    counted: dict[JobStatus, int] | None = {JobStatus.QUEUED: 2, JobStatus.RUNNING: 0}
    metrics = Metrics(version="1", readiness=ready, jobs={"speech": lambda: counted})
    assert 'voxgate_jobs{kind="speech",state="queued"} 2.0' in page(metrics)
    assert 'voxgate_jobs{kind="speech",state="running"} 0.0' in page(metrics)
    counted = None
    assert "voxgate_jobs{" not in page(metrics)


def test_cells_are_told_by_state_and_not_at_all_where_nobody_knows() -> None:
    counted: dict[CellState, int] | None = {CellState.STORED: 5, CellState.FAILED: 0}
    metrics = Metrics(version="1", readiness=ready, cells=lambda: counted)
    assert 'voxgate_campaign_cells{state="stored"} 5.0' in page(metrics)
    assert 'voxgate_campaign_cells{state="failed"} 0.0' in page(metrics)
    counted = None
    assert "voxgate_campaign_cells{" not in page(metrics)


def test_two_apps_do_not_share_counters(metrics: Metrics) -> None:
    other = Metrics(version="1", readiness=ready)
    metrics.underruns.inc()
    assert "voxgate_speech_underruns_total 1.0" in page(metrics)
    assert "voxgate_speech_underruns_total 0.0" in page(other)


def test_audio_that_is_later_than_it_plays_is_an_underrun(
    metrics: Metrics, clock: MovedClock
) -> None:
    telling = Telling(metrics, "real_time", now_s=clock.now_s)
    clock.seconds = 0.2
    telling.ready(1.0)
    clock.seconds = 1.1  # 0.9 s after the first: still playing
    telling.ready(1.0)
    assert "voxgate_speech_underruns_total 0.0" in page(metrics)
    clock.seconds = 2.3  # 2.1 s after the first, and 2 s were there
    telling.ready(1.0)
    telling.ended("spoken")
    text = page(metrics)
    assert "voxgate_speech_underruns_total 1.0" in text
    assert 'voxgate_speech_ttfb_seconds_sum{lane="real_time"} 0.2' in text
    assert 'voxgate_speech_seconds_sum{lane="real_time"} 2.3' in text
    assert 'voxgate_speech_audio_seconds_total{lane="real_time"} 3.0' in text
