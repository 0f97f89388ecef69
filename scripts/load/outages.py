"""The queue away for half a minute and emptied; the database away for half a minute."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from scripts.load.bench import Bench, Utterance
from scripts.load.generator import Point, open_loop, poisson
from scripts.load.job_client import Job, status_of, submit, wait_for
from scripts.load.jobs import differing
from scripts.load.ledger_copy import copy_ledger
from scripts.load.rows import Row, at_most, exactly, first_audio, none_of
from scripts.load.services import PostgresService, RedisService
from scripts.load.target import BROKER_SETTING, QUEUE_WORKER, LoadError, ServeSite
from scripts.load.wire import Answer

__all__ = ["database_away", "queue_away"]

L10, L11 = "L10", "L11"
_RATE_HZ = 4.0
_BEFORE_S = 5.0
_AWAY_S = 30.0
_AFTER_S = 10.0
_JOBS_PATIENCE_S = 150.0
_DELIVERY_S = 30.0
_UNAVAILABLE = 503
_PROPER_REFUSAL = "503 with Retry-After"
_JOB_EVERY_S = 1.0
_WORKER_S = 8.0
"""Until a worker of the queue has imported what it needs, or given up."""

_AUDITED = 2
"""How many answers of the outage are looked up: each look-up is a command of its own."""


async def queue_away(bench: Bench) -> list[Row]:
    """L10: Redis is killed for 30 s and comes back empty; a Celery worker runs the jobs."""
    redis = RedisService()
    site, worker = _site(bench, {BROKER_SETTING: redis.url}), None
    try:
        redis.start()
        async with _instead(bench, site) as inner:
            worker = site.start_queue_worker()
            await asyncio.sleep(_WORKER_S)
            if worker.poll() is not None:
                words = " ".join(QUEUE_WORKER)
                raise LoadError(f"`voxgate {words}` ended at once, status {worker.returncode}")
            jobs, back_s, point, refused = await _through(inner, redis.stop, redis.start)
            first_s = await _first_end(inner, jobs, back_s)
            ends = await wait_for(inner, jobs, within_s=_JOBS_PATIENCE_S)
            other = await differing(inner, jobs)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait()
        redis.stop()
    return [
        *_real_time(L10, point),
        Row(
            scenario=L10,
            what="from its return to the end of the next job",
            value=first_s,
            unit="s",
            target=at_most(15),
            note="" if first_s is not None else f"no job ended in {_JOBS_PATIENCE_S:g} s",
        ),
        _succeeded(L10, "jobs that succeeded", ends, refused),
        none_of(L10, "jobs with other samples than undisturbed", other, of=len(jobs)),
    ]


async def database_away(bench: Bench) -> list[Row]:
    """L11: PostgreSQL, with the ledger of the checkout, is stopped as by a crash for 30 s."""
    database = PostgresService()
    site = _site(bench, {"VOXGATE_LEDGER_URL": database.url})
    try:
        database.start()
        await asyncio.to_thread(copy_ledger, bench.root, database.url)
        async with _instead(bench, site) as inner:
            jobs, back_s, point, refused = await _through(inner, database.stop, database.start)
            ends = await wait_for(inner, jobs, within_s=_JOBS_PATIENCE_S)
            missing = await _unaudited(inner, site, point, back_s)
    finally:
        database.remove()
    other = sum(refused.values()) - refused[_PROPER_REFUSAL]
    return [
        *_real_time(L11, point),
        Row(
            scenario=L11,
            what="jobs that were refused by anything but 503 with Retry-After",
            value=other if refused else None,
            target=exactly(0),
            count=sum(refused.values()),
            note="" if refused else "no job was refused while it was away",
        ),
        _succeeded(L11, "jobs that succeeded, of those taken", ends, refused),
        none_of(
            L11, f"answers without an audit record {_DELIVERY_S:g} s later", missing, of=_AUDITED
        ),
    ]


def _site(bench: Bench, settings: dict[str, str]) -> ServeSite:
    if not isinstance(bench.site, ServeSite):
        raise LoadError("this scenario starts `voxgate serve` with other settings")
    return ServeSite(
        root=bench.root,
        settings={**bench.site.settings, **settings},
        arguments=bench.site.arguments,
    )


@asynccontextmanager
async def _instead(bench: Bench, site: ServeSite) -> AsyncIterator[Bench]:
    """Stop the server, run another one with other settings, and start the first one again."""
    await asyncio.to_thread(bench.site.stop)
    try:
        yield replace(bench, site=site, target=await asyncio.to_thread(site.start))
    finally:
        await asyncio.to_thread(site.stop)
        bench.target = await asyncio.to_thread(bench.site.start)


async def _through(
    bench: Bench, away: Callable[[], None], back: Callable[[], None]
) -> tuple[list[Job], float, Point, Counter[str]]:
    """Ask in real time, and submit a job a second, before, during and after an outage.

    Returns the jobs that were taken, when it was over, the real-time answers of the outage, and
    how often which refusal came.
    """
    duration_s = _BEFORE_S + _AWAY_S + _AFTER_S
    planned = poisson(_RATE_HZ, duration_s, seed=bench.seed)
    wanted = [bench.fresh() for _ in planned]
    jobs, refused, back_s = list[Job](), Counter[str](), 0.0

    async def outage() -> None:
        nonlocal back_s
        await asyncio.sleep(_BEFORE_S)
        await asyncio.to_thread(away)
        await asyncio.sleep(_AWAY_S)
        await asyncio.to_thread(back)
        back_s = time.monotonic()

    async def submitting() -> None:
        for number in range(int(duration_s / _JOB_EVERY_S)):
            answer, job = await submit(bench, bench.fresh(), _name(bench, number))
            if job is not None:
                jobs.append(job)
            else:
                refused[_refusal(answer)] += 1
            await asyncio.sleep(_JOB_EVERY_S)

    async with asyncio.TaskGroup() as group:
        group.create_task(outage())
        group.create_task(submitting())
        point = await open_loop(planned, _asking(bench, wanted), warm_up_s=_BEFORE_S)
    return jobs, back_s, point, refused


def _asking(bench: Bench, wanted: list[Utterance]) -> Callable[[int], Awaitable[Answer]]:
    def ask(number: int) -> Awaitable[Answer]:
        named = {"X-Request-ID": _name(bench, number)}
        return bench.say(wanted[number], headers=named)

    return ask


def _name(bench: Bench, number: int) -> str:
    """Name a request of this run, so that it is no other run's job and its record is found."""
    return f"outage-{bench.run}-{number}"


def _refusal(answer: Answer) -> str:
    if answer.status == _UNAVAILABLE:
        return _PROPER_REFUSAL if "retry-after" in answer.headers else "503 without Retry-After"
    return answer.fault or str(answer.status)


async def _first_end(bench: Bench, jobs: list[Job], back_s: float) -> float | None:
    """Return how long after `back_s` the next job succeeds; None if none does in two minutes."""
    done = {job.job_id for job in jobs if await status_of(bench, job) == "succeeded"}
    while time.monotonic() < back_s + _JOBS_PATIENCE_S:
        for job in jobs:
            if job.job_id not in done and await status_of(bench, job) == "succeeded":
                return time.monotonic() - back_s
        if len(done) == len(jobs):
            return 0.0  # all ended before anybody looked
        await asyncio.sleep(0.2)
    return None


async def _unaudited(bench: Bench, site: ServeSite, point: Point, back_s: float) -> int:
    """Count the answers of the outage of which there is no record half a minute after it."""
    chosen = [one.number for one in point.good[:_AUDITED]]
    await asyncio.sleep(max(0.0, back_s + _DELIVERY_S - time.monotonic()))
    missing = 0
    for number in chosen:
        words = ("audit", "speech", "--request", _name(bench, number), "--json")
        found: object = None
        with suppress(LoadError):
            found = json.loads(await asyncio.to_thread(site.run, *words))
        missing += not found
    return missing


def _real_time(scenario: str, point: Point) -> list[Row]:
    rows = first_audio(scenario, "real time meanwhile", point, ((50, None), (95, at_most(200))))
    return [
        *rows,
        none_of(
            scenario, "real time: errors", point.failed, of=len(point.sent), note=point.failures
        ),
    ]


def _succeeded(
    scenario: str, what: str, ends: Mapping[str, str], refused: Mapping[str, int]
) -> Row:
    return Row(
        scenario=scenario,
        what=what,
        value=sum(status == "succeeded" for status in ends.values()) if ends else None,
        target=exactly(len(ends)),
        count=len(ends),
        note=f"{dict(Counter(ends.values()))}; not taken: {dict(refused)}",
    )
