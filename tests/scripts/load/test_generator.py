from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from statistics import fmean

import pytest

from scripts.load.generator import Point, Sent, open_loop, percentile, poisson, underruns
from scripts.load.machine import Watch
from scripts.load.wire import Answer, Request, exchange
from tests.fakes.load_site import slow_server

SAMPLE_RATE_HZ = 24_000


def answer_of(*arrivals: tuple[float, int]) -> Answer:
    return Answer(
        status=200,
        headers={},
        body=b"",
        sha256="",
        arrivals=arrivals,
        ended_at_s=arrivals[-1][0],
        is_whole=True,
    )


def run(planned: list[float], **server: object) -> Point:
    async def measure() -> Point:
        async with slow_server(**server) as address:  # type: ignore[arg-type]
            return await open_loop(planned, lambda _: exchange(address, Request(path="/")))

    return asyncio.run(measure())


def test_a_seed_plans_the_same_arrivals_at_the_asked_rate() -> None:
    planned = poisson(50, 200, seed=7)
    assert planned == poisson(50, 200, seed=7) != poisson(50, 200, seed=8)
    assert planned == sorted(planned)
    assert len(planned) / 200 == pytest.approx(50, rel=0.05)
    gaps = [after - before for before, after in pairwise(planned)]
    assert fmean(gap > 0.02 for gap in gaps) == pytest.approx(0.368, abs=0.03)  # exp(-1)


def test_percentiles_are_values_that_were_found() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0, 1, 50, 95, 99, 100)] == [
        1, 1, 50, 95, 99, 100,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_latency_counts_from_the_planned_instant() -> None:
    point = run([0.0] * 5, service_s=0.1)
    firsts = sorted(one.first_s for one in point.sent if one.first_s is not None)
    expected = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert all(got >= wanted for got, wanted in zip(firsts, expected, strict=True))
    for one in point.sent:
        assert one.answer.first_at_s is not None
        assert one.first_s == one.answer.first_at_s - one.planned_s
    assert point.first_ms(50) == 1000 * firsts[2]


def test_a_stall_is_felt_by_everybody_who_was_planned_for_it() -> None:
    """A closed loop would have one slow request here, and call the median of the others fast."""
    planned = [number / 100 for number in range(100)]
    point = run(planned, pauses_s=(0.5,))
    slow = [one for one in point.sent if one.first_s is not None and one.first_s > 0.25]
    assert len(slow) >= 20
    assert len(point.good) == 100


def test_a_generator_that_was_late_reports_nothing() -> None:
    async def blocking(_: int) -> Answer:
        time.sleep(0.03)
        return answer_of((time.monotonic(), 2))

    point = asyncio.run(open_loop([0.0, 0.001, 0.002], blocking))
    assert point.lateness_s > 0.05
    assert point.fault is not None
    assert "late at p99" in point.fault


@pytest.mark.parametrize(("lateness_s", "is_fault"), [(0.0049, False), (0.0051, True)])
def test_five_milliseconds_are_the_bound(lateness_s: float, is_fault: bool) -> None:
    answer = answer_of((1.0, 2))
    sent = Sent(number=0, planned_s=0.5, started_s=0.5 + lateness_s, answer=answer)
    point = Point(sent=(sent,), observed=Watch().read())
    assert (point.fault is not None) == is_fault
    assert point.first_ms(99) == pytest.approx(500)


def test_the_warm_up_is_asked_and_not_counted() -> None:
    async def at_once(_: int) -> Answer:
        return answer_of((time.monotonic(), 2))

    point = asyncio.run(open_loop([0.0, 0.05, 0.1], at_once, warm_up_s=0.04))
    assert [one.number for one in point.sent] == [1, 2]


def test_without_a_request_in_the_measured_time_there_is_no_point() -> None:
    point = asyncio.run(open_loop([], lambda _: pytest.fail("nothing was planned")))
    assert point.fault == "no request fell into the measured time"


def test_half_an_answer_is_a_failure() -> None:
    point = run([0.0, 0.01], last_chunk=False)
    assert point.failed == 2
    assert point.first_ms(50) is None
    assert [one.answer.fault for one in point.sent] == ["IncompleteReadError"] * 2


@pytest.mark.parametrize(
    ("arrivals", "late"),
    [
        ([(0.0, 48_000)], 0),
        ([(0.0, 48_000), (0.9, 48_000), (1.9, 48_000)], 0),
        ([(0.0, 48_000), (1.1, 48_000), (2.0, 48_000)], 1),
        ([(0.0, 4_800), (0.5, 4_800), (1.0, 4_800)], 2),
    ],
)
def test_an_underrun_is_audio_that_comes_after_it_was_to_be_played(
    arrivals: list[tuple[float, int]], late: int
) -> None:
    assert underruns(answer_of(*arrivals), SAMPLE_RATE_HZ) == late
