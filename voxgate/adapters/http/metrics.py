"""What the server counts, in a registry of its own; labels are closed sets: no text, no key."""

from __future__ import annotations

import time
from collections import Counter as Counts
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from voxgate.adapters.http.recent import RecentFigures
from voxgate.campaigns.records import CellState
from voxgate.serving.jobs.records import JobStatus
from voxgate.serving.ports import Answer, Readiness

__all__ = ["CONTENT_TYPE", "CountCells", "CountJobs", "Metrics", "Telling"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
CountJobs = Callable[[], Mapping[JobStatus, int] | None]
"""How many jobs have which status; None where nobody knows."""

CountCells = Callable[[], Mapping[CellState, int] | None]
"""How many cells of campaigns are in which state; None where nobody knows."""

_NO_MODEL = "none"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_FACTORS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


class Metrics:
    """The counters of one app; `now_s` counts seconds and never goes back."""

    def __init__(
        self,
        *,
        version: str,
        readiness: Callable[[], Readiness],
        jobs: Mapping[str, CountJobs] | None = None,
        cells: CountCells | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin at zero; `jobs` says of each kind how many there are, without asking anybody.

        `cells` says so of campaigns.
        """
        self._registry = CollectorRegistry()
        kept: Any = {"registry": self._registry}
        self.requests = Counter(
            "voxgate_speech_requests", "Requests by outcome", ["lane", "model", "outcome"], **kept
        )
        self.first_byte_s = Histogram(
            "voxgate_speech_ttfb_seconds",
            "From the request to its first audio",
            ["lane"],
            buckets=_SECONDS,
            **kept,
        )
        self.whole_s = Histogram(
            "voxgate_speech_seconds",
            "From the request to its last audio",
            ["lane"],
            buckets=_SECONDS,
            **kept,
        )
        self.audio_s = Counter(
            "voxgate_speech_audio_seconds", "Audio that was sent", ["lane"], **kept
        )
        self.real_time_factor = Histogram(
            "voxgate_speech_rtf", "Time to the last audio by its length", buckets=_FACTORS, **kept
        )
        self.underruns = Counter(
            "voxgate_speech_underruns", "Audio that came later than a player needed it", **kept
        )
        self.cache = Counter(
            "voxgate_cache_requests", "Where the first sentence came from", ["result"], **kept
        )
        self.refused = Counter(
            "voxgate_admission_refused", "Requests that were not begun", ["reason"], **kept
        )
        self.recent_first_byte_s = RecentFigures(now_s=now_s)
        self.recent_real_time_factor = RecentFigures(now_s=now_s)
        build = Gauge("voxgate_build_info", "The version that runs", ["version"], **kept)
        build.labels(version).set(1)
        self._registry.register(_Lanes(readiness))
        self._registry.register(_Jobs(jobs or {}))
        if cells is not None:
            self._registry.register(_Cells(cells))

    def page(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self._registry)

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Return how many requests of each lane ended how, since the start."""
        counts: dict[str, Counts[str]] = {}
        for labels, count in _totals(self.requests):
            counts.setdefault(labels["lane"], Counts())[labels["outcome"]] += count
        return {lane: dict(outcomes) for lane, outcomes in counts.items()}

    def totals(self) -> dict[str, dict[str, int]]:
        """Return where first sentences came from, and why requests were not begun."""
        return {
            "cache": {labels["result"]: count for labels, count in _totals(self.cache)},
            "not_begun": {labels["reason"]: count for labels, count in _totals(self.refused)},
        }

    def observe_first_byte(self, lane: str, took_s: float) -> None:
        """Note how long a request waited for its first audio."""
        self.first_byte_s.labels(lane).observe(took_s)
        self.recent_first_byte_s.add(lane, took_s)

    def observe_factor(self, lane: str, factor: float) -> None:
        """Note how long a request took beside the audio that came of it."""
        self.real_time_factor.observe(factor)
        self.recent_real_time_factor.add(lane, factor)


class _Lanes(Collector):
    """Asks the pool when it is asked; what a lane does not tell is not made up."""

    def __init__(self, readiness: Callable[[], Readiness]) -> None:
        self._readiness = readiness

    def collect(self) -> Iterator[Metric]:
        lanes = self._readiness().lanes
        yield _gauge("voxgate_queue_depth", "Requests that wait", lanes, "queue_depth")
        yield _gauge(
            "voxgate_queue_oldest_age_seconds", "How long the oldest waits", lanes, "oldest_age_s"
        )
        workers = GaugeMetricFamily("voxgate_workers", "Workers by state", labels=["lane", "state"])
        for lane, facts in lanes.items():
            states = facts.get("workers")
            for state, count in states.items() if isinstance(states, Mapping) else ():
                workers.add_metric([lane, str(state)], count)
        yield workers


class _Jobs(Collector):
    """Tells what was counted last; where nobody knows by now, there is no sample."""

    def __init__(self, kinds: Mapping[str, CountJobs]) -> None:
        self._kinds = kinds

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("voxgate_jobs", "Jobs by state", labels=["kind", "state"])
        for kind, latest in self._kinds.items():
            for status, count in (latest() or {}).items():
                family.add_metric([kind, status.value], count)
        yield family


class _Cells(Collector):
    """Tells what was counted last of campaigns; where nobody knows by now, there is no sample."""

    def __init__(self, latest: CountCells) -> None:
        self._latest = latest

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "voxgate_campaign_cells", "Cells of campaigns that have not ended", labels=["state"]
        )
        for state, count in (self._latest() or {}).items():
            family.add_metric([state.value], count)
        yield family


class Telling:
    """Measures one request; `now_s` counts seconds and never goes back."""

    def __init__(
        self, metrics: Metrics, lane: str, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._metrics = metrics
        self._lane = lane
        self._now_s = now_s
        self._begun_s = now_s()
        self._heard_s: float | None = None
        self._model = _NO_MODEL
        self.audio_s = 0.0

    def answered(self, answer: Answer) -> None:
        """Note what speaks; its name is one of the ledger's, whatever the request had."""
        self._model = answer.model
        self._metrics.cache.labels(answer.cache).inc()

    def ready(self, audio_s: float) -> None:
        """Note that so many seconds of audio are ready to be sent."""
        now_s = self._now_s()
        if self._heard_s is None:
            self._heard_s = now_s
            self._metrics.observe_first_byte(self._lane, now_s - self._begun_s)
        elif now_s - self._heard_s > self.audio_s:
            self._metrics.underruns.inc()
        self.audio_s += audio_s
        self._metrics.audio_s.labels(self._lane).inc(audio_s)

    def ended(self, outcome: str) -> None:
        """Note what became of it: spoken, refused, overloaded, failed, left or broken."""
        self._metrics.requests.labels(self._lane, self._model, outcome).inc()
        took_s = self._now_s() - self._begun_s
        if outcome == "spoken":
            self._metrics.whole_s.labels(self._lane).observe(took_s)
            if self.audio_s:
                self._metrics.observe_factor(self._lane, took_s / self.audio_s)


def _totals(counter: Counter) -> Iterator[tuple[Mapping[str, str], int]]:
    for metric in counter.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                yield sample.labels, round(sample.value)


def _gauge(
    name: str, text: str, lanes: Mapping[str, Mapping[str, Any]], key: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["lane"])
    for lane, facts in lanes.items():
        if key in facts:
            family.add_metric([lane], facts[key])
    return family
