"""How fast it answers: alone, among others, over its capacity, beside a flood, from the cache."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from scripts.load.bench import Bench, Utterance
from scripts.load.generator import Point, open_loop, percentile, poisson
from scripts.load.rows import Row, at_least, at_most, first_audio, none_of
from scripts.load.wire import Answer, Connection

__all__ = ["at_rates", "beside_a_flood", "cached", "one_by_one", "over_capacity"]

L1, L2, L3, L4, L7 = "L1", "L2", "L3", "L4", "L7"
_RATES = ((5.0, 10.0), (10.0, 10.0), (14.0, 42.0))
"""Requests a second, and for how many seconds."""

_WARM_UP_S = 3.0
_BUSY = frozenset({429, 503})
_RECOVERED_S = 0.2
_PROBES = 100
_FLOODERS = 16


async def one_by_one(bench: Bench) -> list[Row]:
    """L1: 200 requests, each after the answer to the one before; the first ten are not counted."""
    sent: list[tuple[float, Answer]] = []
    for _ in range(10 + bench.count(200, least=10)):
        asked_s = time.monotonic()
        sent.append((asked_s, await bench.say(bench.fresh())))
    counted = sent[10:]
    firsts = [
        1000 * (answer.first_at_s - asked_s)
        for asked_s, answer in counted
        if answer.is_good and answer.first_at_s is not None
    ]
    targets = ((50, at_most(60)), (95, at_most(90)), (99, None))
    rows = [
        Row(
            scenario=L1,
            what=f"one at a time: first audio, p{share}",
            value=percentile(firsts, share) if firsts else None,
            unit="ms",
            target=target,
            count=len(firsts),
            note="" if firsts else "no request got audio",
        )
        for share, target in targets
    ]
    failed = [answer.fault or str(answer.status) for _, answer in counted if not answer.is_good]
    note = ", ".join(f"{number} x {what}" for what, number in Counter(failed).most_common())
    return [
        *rows,
        none_of(L1, "one at a time: errors", len(failed), of=len(counted), note=note),
    ]


async def at_rates(bench: Bench) -> list[Row]:
    """L2: Poisson arrivals at 5, 10 and 14 a second, a sentence of 49 characters each."""
    rows = []
    for rate_hz, full_s in _RATES:
        point = await bench.point(rate_hz, bench.seconds(full_s), warm_up_s=_WARM_UP_S)
        what = f"{rate_hz:g}/s"
        last = at_most(350) if rate_hz == _RATES[-1][0] else None
        wanted = ((50, at_most(80)), (95, at_most(200)), (99, last))
        rows += first_audio(L2, what, point, wanted)
        rows.append(
            none_of(L2, f"{what}: errors", point.failed, of=len(point.sent), note=point.failures)
        )
        late = point.underruns()
        rows.append(none_of(L2, f"{what}: answers with an underrun", late, of=len(point.good)))
    return rows


async def over_capacity(bench: Bench) -> list[Row]:
    """L3: 1.5 and 3 times what it can do; what is refused, what is accepted, and afterwards."""
    rows = []
    if bench.capacity_hz is None:
        bench.capacity_hz = await _capacity_hz(bench)
        rows.append(Row(scenario=L3, what="capacity", value=bench.capacity_hz, unit="/s"))
    # what is queued, one service each, and a fifth more
    bound_ms = 1.2 * 1000 * bench.queue_limit / bench.capacity_hz
    before = bench.resident()
    for times in (1.5, 3.0):
        point = await bench.point(times * bench.capacity_hz, bench.seconds(12), warm_up_s=1)
        # the last planned instant: until the last answer is a part of the recovery
        ended_s = max((one.planned_s for one in point.sent), default=time.monotonic())
        rows.append(await _recovery(bench, f"{times:g} x capacity", ended_s))
        rows += _overload_rows(f"{times:g} x capacity", point, bound_ms)
    growth = 100 * (bench.resident() / before - 1)
    rows.append(
        Row(scenario=L3, what="memory after both", value=growth, unit="%", target=at_most(5))
    )
    return rows


async def beside_a_flood(bench: Bench) -> list[Row]:
    """L4: 7 a second alone, the batch lane alone, then both at once."""
    bench.key(batch=True)  # without one there is nothing to measure
    alone = await bench.point(7, bench.seconds(12), warm_up_s=_WARM_UP_S)
    async with asyncio.TaskGroup() as group:
        flood = _Flood(bench, group)
        await asyncio.sleep(_WARM_UP_S)
        batch_alone_hz = await flood.rate(bench.seconds(8))
        counting = group.create_task(flood.rate(_WARM_UP_S + bench.seconds(12)))
        beside = await bench.point(7, bench.seconds(12), warm_up_s=_WARM_UP_S)
        batch_beside_hz = await counting
        flood.end()
    rows = first_audio(L4, "7/s alone", alone, ((50, None), (95, None), (99, None)))
    rows += first_audio(L4, "7/s beside a flood", beside, ((50, None), (95, None), (99, None)))
    for share, most in ((95, 1.15), (99, 1.3)):
        fault = alone.fault or beside.fault
        one, other = alone.first_ms(share), beside.first_ms(share)
        ratio = other / one if one and other and not fault else None
        rows.append(
            Row(
                scenario=L4,
                what=f"beside a flood, p{share} against alone",
                value=ratio,
                unit="x",
                target=at_most(most),
                count=len(beside.good),
                note=fault or ("" if ratio else "a request in either got no audio"),
            )
        )
    kept = 100 * batch_beside_hz / batch_alone_hz if batch_alone_hz else None
    why = "" if kept is not None else "alone, the batch lane ended nothing in the measured time"
    rows.append(
        none_of(
            L4, "beside a flood: errors", beside.failed, of=len(beside.sent), note=beside.failures
        )
    )
    rows.append(
        Row(
            scenario=L4,
            what="batch lane keeps",
            value=kept,
            unit="%",
            target=at_least(70),
            note=why,
        )
    )
    return rows


async def cached(bench: Bench) -> list[Row]:
    """L7: a text that was said before, by eight connections at once, then 300 times a second."""
    wanted = bench.fresh()
    await bench.say_patiently(wanted)
    duration_s = max(1.0, bench.seconds(5))
    hits, answers = await _closed_rate(bench, duration_s, wanted=lambda: wanted)
    planned = poisson(300, 1 + duration_s, seed=bench.seed)
    point = await open_loop(planned, lambda _: bench.say(wanted), warm_up_s=1)
    not_hits = sum(one.answer.headers.get("x-voxgate-cache") != "hit" for one in point.sent)
    return [
        Row(
            scenario=L7,
            what="hits, 8 connections",
            value=hits,
            unit="/s",
            target=at_least(300),
            count=answers,
        ),
        *first_audio(L7, "hits at 300/s", point, ((50, None), (99, at_most(15)))),
        none_of(L7, "at 300/s: answers that were no hit", not_hits, of=len(point.sent)),
    ]


class _Flood:
    """Clients of the batch lane, each of which asks for sentence after sentence."""

    def __init__(self, bench: Bench, group: asyncio.TaskGroup) -> None:
        self._bench = bench
        self._done = 0
        self._tasks = [group.create_task(self._ask()) for _ in range(_FLOODERS)]

    async def rate(self, duration_s: float) -> float:
        """Return how many bytes of audio a second are done in the time to come."""
        before, began_s = self._done, time.monotonic()
        await asyncio.sleep(duration_s)
        return (self._done - before) / (time.monotonic() - began_s)

    def end(self) -> None:
        """Let all of them leave."""
        for task in self._tasks:
            task.cancel()

    async def _ask(self) -> None:
        while True:
            answer = await self._bench.say_patiently(self._bench.fresh(), batch=True)
            self._done += sum(size for _, size in answer.arrivals) if answer.is_good else 0


async def _capacity_hz(bench: Bench) -> float:
    """Return how many sentences a second four clients get who never pause."""
    hits, _ = await _closed_rate(bench, max(1.0, bench.seconds(6)), clients=4, wanted=bench.fresh)
    return hits


async def _closed_rate(
    bench: Bench, duration_s: float, *, wanted: Callable[[], Utterance], clients: int = 8
) -> tuple[float, int]:
    """Return answers a second, and how many, of clients on connections of their own."""
    began_s, done = time.monotonic(), Counter[bool]()

    async def client() -> None:
        connection = await Connection.open(bench.target.address)
        try:
            while time.monotonic() < began_s + duration_s:
                answer = await connection.ask(bench.request(wanted()))
                done[answer.is_good] += 1
                if not answer.is_whole:
                    return
        finally:
            connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return done[True] / (time.monotonic() - began_s), done[True]


def _overload_rows(what: str, point: Point, bound_ms: float) -> list[Row]:
    refused = [one for one in point.sent if one.answer.status in _BUSY]
    other = point.failed - len(refused)
    mute = sum("retry-after" not in one.answer.headers for one in refused)
    took_ms = [1000 * one.whole_s for one in refused]
    rows = first_audio(L3, f"{what}: accepted", point, ((50, None), (99, at_most(bound_ms))))
    share = 100 * len(refused) / max(1, len(point.sent))
    rows.append(
        Row(scenario=L3, what=f"{what}: refused", value=share, unit="%", count=len(point.sent))
    )
    if refused:
        fault = point.fault
        rows.append(
            Row(
                scenario=L3,
                what=f"{what}: refusal, p99",
                value=None if fault else percentile(took_ms, 99),
                unit="ms",
                target=at_most(20),
                count=len(refused),
                note=fault or "",
            )
        )
        rows.append(none_of(L3, f"{what}: refusals without Retry-After", mute, of=len(refused)))
    rows.append(none_of(L3, f"{what}: other failures", other, of=len(point.sent)))
    return rows


async def _recovery(bench: Bench, what: str, ended_s: float) -> Row:
    """Ask five times a second until an answer comes at once; the last asked one may still wait."""
    for _ in range(_PROBES):
        asked_s = time.monotonic()
        answer = await bench.say(bench.fresh())
        first_s = answer.first_at_s
        if answer.is_good and first_s is not None and first_s - asked_s <= _RECOVERED_S:
            value: float | None = asked_s - ended_s
            break
        await asyncio.sleep(_RECOVERED_S)
    else:
        value = None
    note = "" if value is not None else f"no answer within {_RECOVERED_S:g} s in {_PROBES} probes"
    return Row(
        scenario=L3, what=f"{what}: recovery", value=value, unit="s", target=at_most(2), note=note
    )
