"""Runners are killed at random instants: every job has exactly one result, and one file."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.job_child import DEADLY
from tests.fakes.memory import memory_folder
from tests.fakes.speech_jobs import make_draft, make_tools, stored_files, tone
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import ENDED, JobStatus, SpeechJob
from voxgate.serving.jobs.transitions import MAX_SILENT

ROOT = Path(__file__).resolve().parents[4]
JOBS, KILLS = 60, 12

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    with memory_folder() as folder:
        if request.param == "sqlite":
            yield f"sqlite:///{folder}/ledger.db", folder
        else:
            from tests.fakes.postgres import postgres_server

            with postgres_server() as url:
                yield url, folder


@contextmanager
def _child(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.job_child", url, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            yield child
        finally:
            child.kill()


def _open(tools: JobTools) -> list[SpeechJob]:
    return [job for job in tools.store.jobs(limit=JOBS) if job.status not in ENDED]


def _digest(number: int) -> str:
    pcm = np.concatenate([tone(f"Message {number}"), tone(" And more")])
    return sha256(pcm.tobytes()).hexdigest()


def test_every_job_has_one_result_however_often_its_runner_is_killed(
    place: tuple[str, Path],
) -> None:
    url, folder = place
    chance = random.Random(20261128)
    tools = make_tools(url, folder)
    texts = {n: f"Message {n}. And more." for n in range(JOBS)}
    ids = {n: tools.store.submit(make_draft(n, text=t)).job.id for n, t in texts.items()}
    for _ in range(KILLS):
        with _child(url, folder) as child:
            time.sleep(chance.uniform(0.0, 0.4))
            child.kill()
            child.wait()
    end = time.monotonic() + 120
    with _child(url, folder):
        while _open(tools):
            assert time.monotonic() < end, "jobs were left"
            time.sleep(0.1)
    found = {job.id: job for job in tools.store.jobs(limit=JOBS)}
    assert len(found) == JOBS
    published = []
    for number, job_id in ids.items():
        job = found[job_id]
        assert job.status is JobStatus.SUCCEEDED, job.error
        assert job.output is not None
        assert job.output.pcm_sha256 == _digest(number)
        content = b"".join(tools.assets.read(job.output.asset_id))
        assert sha256(content).hexdigest() == job.output.sha256
        published.append(job.output.asset_id)
    assert sorted(published) == stored_files(folder)


def test_a_text_that_kills_its_runner_ends_as_poison_and_takes_no_other_with_it(
    place: tuple[str, Path],
) -> None:
    url, folder = place
    tools = make_tools(url, folder)
    deadly = tools.store.submit(make_draft(0, text=DEADLY)).job
    others = [tools.store.submit(make_draft(n)).job for n in range(1, 6)]
    for _ in range(MAX_SILENT):
        with _child(url, folder) as child:
            child.wait(60)
        tools.store.change(deadly.id, lambda job, now_s: replace(job, due_at_s=now_s))
    with _child(url, folder):
        end = time.monotonic() + 60
        while _open(tools):
            assert time.monotonic() < end, "jobs were left"
            time.sleep(0.05)
    ended = tools.store.job(deadly.id)
    assert (ended.status, ended.attempt) == (JobStatus.FAILED, MAX_SILENT)
    assert ended.error is not None
    assert ended.error.code == "poison"
    assert {tools.store.job(job.id).status for job in others} == {JobStatus.SUCCEEDED}
    assert len(stored_files(folder)) == 5
