"""The loop behind a worker; slow: real workers on a real Redis, killed and flushed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import redis

from tests.fakes.memory import memory_folder
from tests.fakes.redis_server import redis_server
from tests.fakes.speech_jobs import ToneService, make_draft, make_tools, stored_files
from voxgate.adapters.queue.celery_app import CeleryJobQueue, make_celery_app
from voxgate.adapters.queue.worker import JobThread, opened, sweep_until
from voxgate.errors import WeightsError
from voxgate.serving.jobs.loop import submit_job, sweep_jobs
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import ENDED, JobStatus
from voxgate.serving.jobs.runner import run_jobs
from voxgate.serving.requests import Lane

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


def _tools(folder: Path, *, pause_s: float = 0.0) -> JobTools:
    return make_tools(f"sqlite:///{folder}/ledger.db", folder, ToneService(pause_s=pause_s))


def _until(what: Callable[[], bool], longest_s: float = 60.0) -> None:
    end = time.monotonic() + longest_s
    while not what():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def _all_ended(tools: JobTools) -> bool:
    return all(job.status in ENDED for job in tools.store.jobs(limit=999))


def test_messages_are_run_one_after_the_other_in_one_loop(folder: Path) -> None:
    tools = _tools(folder)
    ids = [tools.store.submit(make_draft(number)).job.id for number in range(3)]
    with JobThread(tools) as jobs:
        first = jobs.run(ids[:2])
        [third] = jobs.run(ids[2:])
        assert jobs.run(ids) == []
    assert [job.id for job in [*first, third]] == ids
    assert {job.status for job in [*first, third]} == {JobStatus.SUCCEEDED}


def test_a_worker_that_is_stopped_hands_its_job_back(folder: Path) -> None:
    tools = _tools(folder, pause_s=60.0)
    job = tools.store.submit(make_draft()).job
    with JobThread(tools) as jobs:
        asyncio.run_coroutine_threadsafe(run_jobs([job.id], tools), jobs.loop)
        _until(lambda: tools.store.job(job.id).status is JobStatus.RUNNING)
    assert tools.store.job(job.id).status is JobStatus.QUEUED


def test_the_sweeper_runs_until_it_is_stopped(folder: Path) -> None:
    tools, sent = _tools(folder), []

    class Queue:
        def send(self, ids: list[str], *, lane: Lane) -> None:
            sent.extend(ids)

    tools.store.submit(make_draft(time_to_live_s=0.01))
    stop = threading.Event()
    sweeper = threading.Thread(
        target=sweep_until, args=(stop, tools, Queue()), kwargs={"every_s": 0.05}
    )
    sweeper.start()
    time.sleep(0.2)
    assert sent == [], "what was just submitted is not lost"
    stop.set()
    sweeper.join(timeout=10)
    assert not sweeper.is_alive()


def test_what_speaks_is_entered_and_left_by_one_task_of_the_loop(folder: Path) -> None:
    tasks: list[asyncio.Task[object] | None] = []

    @asynccontextmanager
    async def speaking() -> AsyncIterator[str]:
        tasks.append(asyncio.current_task())
        yield "open"
        tasks.append(asyncio.current_task())

    with JobThread(_tools(folder)) as jobs, opened(speaking(), jobs.loop) as found:
        assert (found, len(tasks)) == ("open", 1)
    assert len(tasks) == 2
    assert tasks[0] is tasks[1]


def test_what_cannot_be_opened_says_why(folder: Path) -> None:
    @asynccontextmanager
    async def speaking() -> AsyncIterator[str]:
        raise WeightsError("there are no weights")
        yield "never"

    with JobThread(_tools(folder)) as jobs, pytest.raises(WeightsError, match="no weights"):  # noqa: SIM117
        with opened(speaking(), jobs.loop):
            pass


@pytest.fixture
def broker() -> Iterator[str]:
    with redis_server() as url:
        yield url


@contextmanager
def _worker(folder: Path, broker: str) -> Iterator[subprocess.Popen[bytes]]:
    words = ["-m", "tests.fakes.celery_child", f"sqlite:///{folder}/ledger.db", folder, broker]
    child = subprocess.Popen(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "C_FORCE_ROOT": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


@pytest.mark.slow
def test_urgent_jobs_pass_a_long_queue(folder: Path, broker: str) -> None:
    tools, queue = _tools(folder), CeleryJobQueue(make_celery_app(broker))
    for number in range(40):
        submit_job(tools.store, queue, make_draft(number))
    urgent = [
        submit_job(tools.store, queue, make_draft(n, lane=Lane.REAL_TIME)).job.id
        for n in range(100, 105)
    ]
    with _worker(folder, broker) as worker:
        _until(lambda: _all_ended(tools))
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
        assert children.read_text() == "", "it speaks itself: what forked may hang"
    jobs = sorted(tools.store.jobs(limit=99), key=lambda job: job.started_at_s or 0.0)
    assert {job.status for job in jobs} == {JobStatus.SUCCEEDED}
    # One message of the other queue may be in the worker's hands already.
    assert set(urgent) <= {job.id for job in jobs[: len(urgent) + 1]}


@pytest.mark.slow
def test_killed_workers_and_a_flushed_redis_lose_and_double_nothing(
    folder: Path, broker: str
) -> None:
    tools, queue = _tools(folder), CeleryJobQueue(make_celery_app(broker))
    ids = {submit_job(tools.store, queue, make_draft(number)).job.id for number in range(60)}
    for _ in range(2):
        with _worker(folder, broker) as worker:
            before = len(stored_files(folder))
            _until(lambda before=before: len(stored_files(folder)) > before + 5)
            worker.kill()
    redis.Redis.from_url(broker).flushall()
    stop = threading.Event()

    def sweep() -> None:
        while not stop.wait(0.5):
            sweep_jobs(tools, queue, silent_s=1.0)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        with _worker(folder, broker):
            _until(lambda: _all_ended(tools))
    finally:
        stop.set()
        sweeper.join()
    jobs = tools.store.jobs(limit=99)
    assert {job.id for job in jobs} == ids
    assert {job.status for job in jobs} == {JobStatus.SUCCEEDED}
    assert sorted(job.output.asset_id for job in jobs if job.output) == stored_files(folder)
