"""The runner on a real table and a real folder."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.memory import memory_folder
from tests.fakes.speech_jobs import ToneService, make_draft, make_tools, stored_files, tone
from voxgate.audio.loudness import measure_loudness
from voxgate.errors import (
    ExternalServiceError,
    OverloadedError,
    StorageError,
    TextError,
    WorkerLostError,
)
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import JobStatus, SpeechJob
from voxgate.serving.jobs.runner import run_jobs
from voxgate.serving.jobs.transitions import MAX_DELIVERIES, cancel
from voxgate.serving.pool.memory_budget import DeviceMemoryError, OutOfDeviceMemoryError


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


def _tools(
    folder: Path, before: Callable[[str], None] | None = None, *, lease_s: float = 60.0
) -> JobTools:
    return make_tools(f"sqlite:///{folder}/ledger.db", folder, ToneService(before), lease_s=lease_s)


def _run(tools: JobTools, *ids: str) -> list[SpeechJob]:
    return asyncio.run(run_jobs(ids, tools))


def _raising(error: BaseException) -> Callable[[str], None]:
    def before(_text: str) -> None:
        raise error

    return before


def test_a_job_is_said_stored_and_described(folder: Path) -> None:
    tools = _tools(folder)
    job = tools.store.submit(make_draft(text="One. Two.")).job
    [done] = _run(tools, job.id)
    assert tools.store.job(job.id) == done
    assert (done.status, done.attempt, done.error) == (JobStatus.SUCCEEDED, 1, None)
    output = done.output
    assert output is not None
    assert stored_files(folder) == [output.asset_id]
    content = b"".join(tools.assets.read(output.asset_id))
    assert (len(content), sha256(content).hexdigest()) == (output.bytes, output.sha256)
    pcm = np.concatenate([tone("One"), tone(" Two")])
    assert sha256(pcm.tobytes()).hexdigest() == output.pcm_sha256
    assert output.duration_s == pytest.approx(0.2)
    assert (output.sentences, output.cut_sentences) == (2, 0)
    assert (output.model, output.version, output.preset) == ("voice-test", 7, "plain@1")


def test_a_file_has_the_level_of_its_preset_and_the_digest_of_what_was_said(folder: Path) -> None:
    voice = ToneService()
    tools = make_tools(f"sqlite:///{folder}/ledger.db", folder, voice)
    text = "One. " * 8
    plain = tools.store.submit(make_draft(text=text, format="wav")).job
    [before] = _run(tools, plain.id)
    voice.loudness_lufs = -27.0
    quiet = tools.store.submit(make_draft(text=text, format="wav", idempotency_key="quiet")).job
    [after] = _run(tools, quiet.id)
    assert before.output is not None
    assert after.output is not None
    wave, rate_hz = soundfile.read(
        io.BytesIO(b"".join(tools.assets.read(after.output.asset_id))), dtype="float32"
    )
    assert measure_loudness(wave, rate_hz).lufs == pytest.approx(-27.0, abs=0.1)
    assert after.output.pcm_sha256 == before.output.pcm_sha256
    assert after.output.sha256 != before.output.sha256


def test_a_job_that_is_run_again_is_not_said_again(folder: Path) -> None:
    tools = _tools(folder)
    job = tools.store.submit(make_draft()).job
    [done] = _run(tools, job.id, job.id, "job_unknown")
    assert _run(tools, job.id) == []
    assert tools.store.job(job.id) == done
    assert len(stored_files(folder)) == 1


def test_a_text_that_cannot_be_said_fails_and_stops_no_other(folder: Path) -> None:
    def before(text: str) -> None:
        if text == "…":
            raise TextError("nothing to speak in it")

    tools = _tools(folder, before)
    bad, good = (tools.store.submit(make_draft(n, text=t)).job for n, t in enumerate("…x"))
    failed, done = _run(tools, bad.id, good.id)
    assert (failed.status, done.status) == (JobStatus.FAILED, JobStatus.SUCCEEDED)
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("text", "nothing to speak in it")


@pytest.mark.parametrize(
    "error",
    [
        ExternalServiceError("the registry is away"),
        StorageError("the disk is full"),
        OverloadedError("the queue is full", retry_after_s=7.0),
        DeviceMemoryError("the device has no room"),
    ],
)
def test_what_fails_for_now_waits_and_is_not_counted(folder: Path, error: Exception) -> None:
    tools = _tools(folder, _raising(error))
    job = tools.store.submit(make_draft()).job
    [waiting] = _run(tools, job.id)
    assert (waiting.status, waiting.deliveries) == (JobStatus.QUEUED, 0)
    assert waiting.error is not None
    assert waiting.error.message == str(error)
    assert waiting.due_at_s is not None
    pause_s = getattr(error, "retry_after_s", 1.0)
    assert waiting.due_at_s - waiting.created_at_s >= pause_s
    assert _run(tools, job.id) == [], "it has its pause"


def _at_once(tools: JobTools, job_id: str) -> None:
    tools.store.change(job_id, lambda job, now_s: replace(job, due_at_s=now_s))


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (WorkerLostError("the worker died"), "the worker died"),
        (OutOfDeviceMemoryError("the device is full"), "the device is full"),
        (ZeroDivisionError("secret text"), "a fault of the service (ZeroDivision)"),
    ],
)
def test_what_kills_workers_or_our_code_ends_as_poison(
    folder: Path, error: Exception, last: str
) -> None:
    tools = _tools(folder, _raising(error))
    job = tools.store.submit(make_draft()).job
    for _ in range(MAX_DELIVERIES):
        assert _run(tools, job.id)[0].status is JobStatus.QUEUED
        _at_once(tools, job.id)
    [ended] = _run(tools, job.id)
    assert ended.status is JobStatus.FAILED
    assert ended.error is not None
    assert ended.error.code == "poison"
    assert ended.error.message.endswith(f"the last: {last}")


def test_of_two_runners_that_race_one_says_it(folder: Path) -> None:
    service = ToneService(pause_s=0.01)
    url = f"sqlite:///{folder}/ledger.db"
    tools = [make_tools(url, folder, service) for _ in range(2)]
    ids = [tools[0].store.submit(make_draft(number)).job.id for number in range(12)]
    barrier = threading.Barrier(2)

    def run(mine: JobTools) -> None:
        barrier.wait()
        _run(mine, *ids)

    threads = [threading.Thread(target=run, args=(mine,)) for mine in tools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(service.said) == sorted(make_draft(number).request.text for number in range(12))
    assert {job.status for job in tools[0].store.jobs(limit=99)} == {JobStatus.SUCCEEDED}
    assert len(stored_files(folder)) == 12


def test_a_runner_that_was_overtaken_publishes_nothing(folder: Path) -> None:
    """The first sleeps over its lease; the second takes the job and finishes it meanwhile."""
    first, second = _tools(folder), _tools(folder)
    job = first.store.submit(make_draft()).job

    def overtake(_text: str) -> None:
        if len(overtaken) == 0:
            overtaken.append(job.id)
            _at_once(first, job.id)
            worker = threading.Thread(target=_run, args=(second, job.id))
            worker.start()
            worker.join()

    overtaken: list[str] = []
    first = replace(first, say=ToneService(overtake).say)
    [seen] = _run(first, job.id)
    assert (seen.status, seen.attempt) == (JobStatus.SUCCEEDED, 2)
    assert seen.output is not None
    assert stored_files(folder) == [seen.output.asset_id]


def test_a_runner_that_is_overtaken_while_it_publishes_removes_its_file(folder: Path) -> None:
    tools = _tools(folder)
    job = tools.store.submit(make_draft()).job

    class Assets:
        def __getattr__(self, name: str) -> object:
            return getattr(tools.assets, name)

        def put(self, asset_id: str, content: bytes, *, media_type: str) -> object:
            stored = tools.assets.put(asset_id, content, media_type=media_type)
            tools.store.change(job.id, cancel)
            return stored

    [seen] = _run(replace(tools, assets=Assets()), job.id)
    assert seen.status is JobStatus.CANCELLED
    assert stored_files(folder) == []


def test_the_files_of_attempts_that_died_are_removed_by_the_one_that_ends_it(folder: Path) -> None:
    tools = _tools(folder)
    job = tools.store.submit(make_draft()).job

    class Dying:
        def __getattr__(self, name: str) -> object:
            return getattr(tools.store, name)

        def change(self, *arguments: object, **named: object) -> SpeechJob:
            if stored_files(folder):
                raise SystemExit
            return tools.store.change(*arguments, **named)

    with pytest.raises(SystemExit):
        _run(replace(tools, store=Dying()), job.id)
    left = stored_files(folder)
    assert len(left) == 1
    _at_once(tools, job.id)
    [done] = _run(tools, job.id)
    assert done.output is not None
    assert stored_files(folder) == [done.output.asset_id] != left


class Away:
    """A table that does not answer the next so many times, once a file is stored."""

    def __init__(self, tools: JobTools, folder: Path, times: int) -> None:
        self._store, self._folder, self.times = tools.store, folder, times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def change(self, *arguments: object, **named: object) -> SpeechJob:
        if stored_files(self._folder) and self.times > 0:
            self.times -= 1
            raise ExternalServiceError("the database is away")
        return self._store.change(*arguments, **named)


def test_a_result_waits_for_a_database_that_is_away(folder: Path) -> None:
    tools = _tools(folder, lease_s=2.0)
    job = tools.store.submit(make_draft()).job
    [done] = _run(replace(tools, store=Away(tools, folder, 3)), job.id)
    assert (done.status, done.attempt) == (JobStatus.SUCCEEDED, 1)


def test_a_database_that_stays_away_is_said_to_be(folder: Path) -> None:
    tools = _tools(folder, lease_s=0.3)
    job = tools.store.submit(make_draft()).job
    with pytest.raises(ExternalServiceError, match="the database is away"):
        _run(replace(tools, store=Away(tools, folder, 999)), job.id)
    _at_once(tools, job.id)
    [done] = _run(tools, job.id)
    assert (done.status, done.attempt) == (JobStatus.SUCCEEDED, 2)
    assert len(stored_files(folder)) == 1


def test_a_result_whose_receipt_got_lost_keeps_its_file(folder: Path) -> None:
    """The row was written, and the connection broke before the answer came."""
    tools = _tools(folder, lease_s=0.5)
    job = tools.store.submit(make_draft()).job

    class Deaf(Away):
        def change(self, *arguments: object, **named: object) -> SpeechJob:
            changed = self._store.change(*arguments, **named)
            if changed.status is JobStatus.SUCCEEDED:
                raise ExternalServiceError("the connection broke")
            return changed

    [done] = _run(replace(tools, store=Deaf(tools, folder, 0)), job.id)
    assert done.status is JobStatus.SUCCEEDED
    assert done.output is not None
    assert stored_files(folder) == [done.output.asset_id]


def test_a_service_that_is_stopped_does_not_end_the_runner(folder: Path) -> None:
    tools = _tools(folder, _raising(asyncio.CancelledError()))
    job = tools.store.submit(make_draft()).job
    [waiting] = _run(tools, job.id)
    assert waiting.status is JobStatus.QUEUED
    assert waiting.error is not None
    assert waiting.error.code == "worker_lost"


def test_a_voice_that_says_nothing_has_failed(folder: Path) -> None:
    tools = _tools(folder)
    job = tools.store.submit(make_draft(text="...")).job
    [failed] = _run(tools, job.id)
    assert failed.error is not None
    assert (failed.status, failed.error.code) == (JobStatus.FAILED, "voice")
    assert stored_files(folder) == []


def test_a_long_job_keeps_its_lease(folder: Path) -> None:
    service = ToneService(pause_s=1.2)
    url = f"sqlite:///{folder}/ledger.db"
    tools = make_tools(url, folder, service, lease_s=0.4)
    job = tools.store.submit(make_draft()).job

    async def run() -> list[SpeechJob]:
        running = asyncio.create_task(run_jobs([job.id], tools))
        await asyncio.sleep(0.9)
        assert await run_jobs([job.id], tools) == [], "the lease lives"
        return await running

    [done] = asyncio.run(run())
    assert (done.status, done.attempt) == (JobStatus.SUCCEEDED, 1)


def test_a_cancelled_job_stops_at_the_next_beat(folder: Path) -> None:
    service = ToneService(pause_s=30.0)
    tools = make_tools(f"sqlite:///{folder}/ledger.db", folder, service, lease_s=0.3)
    job = tools.store.submit(make_draft()).job

    async def run() -> list[SpeechJob]:
        running = asyncio.create_task(run_jobs([job.id], tools))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(tools.store.change, job.id, cancel)
        return await asyncio.wait_for(running, 10)

    [seen] = asyncio.run(run())
    assert seen.status is JobStatus.CANCELLED
    assert stored_files(folder) == []


def test_a_runner_that_is_stopped_hands_its_job_back(folder: Path) -> None:
    tools = make_tools(f"sqlite:///{folder}/ledger.db", folder, ToneService(pause_s=30.0))
    job = tools.store.submit(make_draft()).job

    async def run() -> None:
        running = asyncio.create_task(run_jobs([job.id], tools))
        await asyncio.sleep(0.3)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(run())
    back = tools.store.job(job.id)
    assert (back.status, back.deliveries) == (JobStatus.QUEUED, 0)
    assert _run(_tools(folder), job.id)[0].status is JobStatus.SUCCEEDED
