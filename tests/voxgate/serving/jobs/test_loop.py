"""Submitting, sweeping, and the loop that takes jobs by itself."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fakes.memory import memory_folder
from tests.fakes.speech_jobs import ListQueue, ToneService, make_draft, make_tools, stored_files
from voxgate.errors import ExternalServiceError, SpeechRequestError
from voxgate.serving.jobs.loop import EmbeddedRunner, submit_job, sweep_jobs
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import ENDED, JobStatus
from voxgate.serving.jobs.transitions import MAX_SILENT
from voxgate.serving.requests import Lane


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


@pytest.fixture
def tools(folder: Path) -> JobTools:
    return make_tools(f"sqlite:///{folder}/ledger.db", folder)


def _age(folder: Path, seconds: float) -> None:
    engine = sa.create_engine(f"sqlite:///{folder}/ledger.db")
    moved = f"sent_at_s = sent_at_s - {seconds}, due_at_s = due_at_s - {seconds}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE speech_jobs SET {moved}"))
    engine.dispose()


def test_a_job_is_sent_once_however_often_it_is_submitted(tools: JobTools) -> None:
    queue = ListQueue()
    first = submit_job(tools.store, queue, make_draft(lane=Lane.REAL_TIME))
    again = submit_job(tools.store, queue, make_draft(lane=Lane.REAL_TIME))
    assert (first.job, first.replayed, again.replayed) == (again.job, False, True)
    assert queue.sent == [(Lane.REAL_TIME, [first.job.id])]


def test_an_unknown_format_is_refused_before_anything_is_stored(tools: JobTools) -> None:
    with pytest.raises(SpeechRequestError, match=r"expected one of wav, mp3, .* got 'midi'"):
        submit_job(tools.store, ListQueue(), make_draft(format="midi"))
    assert tools.store.jobs() == []


def test_what_a_queue_did_not_take_or_lost_is_sent_by_the_sweeper(
    tools: JobTools, folder: Path
) -> None:
    queue = ListQueue()
    queue.away = True
    drafts = [*map(make_draft, range(3)), make_draft(3, lane=Lane.REAL_TIME)]
    for draft in drafts:
        with pytest.raises(ExternalServiceError, match="the broker is away"):
            submit_job(tools.store, queue, draft)
    made = [submit_job(tools.store, queue, draft) for draft in drafts]
    assert all(submission.replayed for submission in made), "each is stored, once"
    queue.away = False
    assert sweep_jobs(tools, queue) == 0, "not yet"
    _age(folder, 61)
    assert sweep_jobs(tools, queue) == 4
    sent = dict(queue.sent)
    assert sent[Lane.REAL_TIME] == [made[3].job.id]
    assert set(sent[Lane.BATCH]) == {each.job.id for each in made[:3]}
    assert sweep_jobs(tools, queue) == 0, "once a period"


def test_the_sweeper_removes_the_files_of_what_it_ends(tools: JobTools, folder: Path) -> None:
    from voxgate.serving.jobs.assets import keyed_asset_id

    job = submit_job(tools.store, ListQueue(), make_draft()).job
    for attempt in range(1, MAX_SILENT + 1):
        assert tools.store.claim(lease_s=1)[0].attempt == attempt
        name = keyed_asset_id(tools.secret, {"job": job.id, "attempt": attempt})
        tools.assets.put(name, b"half", media_type="audio/wav")
        _age(folder, 100)
    assert len(stored_files(folder)) == MAX_SILENT
    assert sweep_jobs(tools, ListQueue()) == 1
    assert tools.store.job(job.id).status is JobStatus.FAILED
    assert stored_files(folder) == []


async def _until(what: Callable[[], bool], longest_s: float = 20.0) -> None:
    end = time.monotonic() + longest_s
    while not await asyncio.to_thread(what):
        assert time.monotonic() < end, "it did not come to pass"
        await asyncio.sleep(0.02)


def _all_ended(tools: JobTools) -> bool:
    return all(job.status in ENDED for job in tools.store.jobs(limit=99))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_loop_takes_what_is_there_and_what_comes(tools: JobTools) -> None:
    async def run() -> None:
        runner = EmbeddedRunner(tools, slots=2, poll_s=0.05)
        submit_job(tools.store, runner, make_draft(1))
        loop = asyncio.create_task(runner.run())
        await _until(lambda: _all_ended(tools))
        await asyncio.to_thread(submit_job, tools.store, runner, make_draft(2))
        await _until(lambda: _all_ended(tools))
        await _stop(loop)

    asyncio.run(run())
    assert [job.status for job in tools.store.jobs()] == [JobStatus.SUCCEEDED] * 2


def test_a_new_job_wakes_the_loop(tools: JobTools) -> None:
    async def run() -> None:
        runner = EmbeddedRunner(tools, poll_s=3600.0)
        loop = asyncio.create_task(runner.run())
        await asyncio.sleep(0.3)  # it found nothing, and sleeps for an hour
        other = threading.Thread(target=submit_job, args=(tools.store, runner, make_draft()))
        other.start()
        other.join()
        await _until(lambda: _all_ended(tools))
        await _stop(loop)

    asyncio.run(run())


def test_the_loop_goes_on_after_an_outage_of_the_database(
    tools: JobTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = tools.store.claim, []

    def claim(**named: object) -> object:
        calls.append(named)
        if len(calls) < 3:
            raise ExternalServiceError("the database is away")
        return real(**named)

    monkeypatch.setattr(tools.store, "claim", claim)

    async def run() -> None:
        runner = EmbeddedRunner(tools, poll_s=0.02)
        tools.store.submit(make_draft())
        loop = asyncio.create_task(runner.run())
        await _until(lambda: _all_ended(tools))
        await _stop(loop)

    asyncio.run(run())


def test_the_loop_sweeps(folder: Path) -> None:
    """A job that expired while nobody ran ends although nobody takes it."""
    tools = make_tools(f"sqlite:///{folder}/ledger.db", folder, ToneService(pause_s=60.0))
    blocking = tools.store.submit(make_draft(1)).job
    late = tools.store.submit(make_draft(2, time_to_live_s=0.01)).job
    time.sleep(0.05)  # its time is over before the first sweep, which notes whom it has seen
    _age(folder, 61)

    async def run() -> None:
        loop = asyncio.create_task(EmbeddedRunner(tools, sweep_s=0.05).run())
        await _until(lambda: tools.store.job(late.id).status is JobStatus.EXPIRED)
        await _stop(loop)

    asyncio.run(run())
    assert tools.store.job(blocking.id).status is JobStatus.QUEUED
