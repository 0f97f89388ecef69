"""Speech jobs over HTTP: submitted, waited for, fetched."""

from __future__ import annotations

import asyncio
import io
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scripts.load.bench import SPEECH, Bench, Utterance
from scripts.load.wire import Answer, Request

__all__ = ["Job", "fetch_pcm", "say_pcm", "submit", "wait_for"]

JOBS = "/v1/speech-jobs"
_ENDED = frozenset({"succeeded", "failed", "cancelled", "expired", "recalled"})
_POLL_S = 0.5
_REDIRECTS = frozenset({302, 303, 307})


@dataclass(frozen=True, kw_only=True)
class Job:
    """A submitted job."""

    job_id: str
    wanted: Utterance


def submission(bench: Bench, wanted: Utterance, key: str) -> Request:
    """Return the request that submits a text; `key` makes it the same job if it is sent again."""
    return Request(
        method="POST",
        path=JOBS,
        body=_body(wanted),
        headers={"Idempotency-Key": key, **bench.key(bench.target.batch_headers is not None)},
    )


async def submit(bench: Bench, wanted: Utterance, key: str) -> tuple[Answer, Job | None]:
    """Submit once; the job is None where it was not taken."""
    answer = await bench.ask(submission(bench, wanted, key))
    taken = answer.status in {200, 202} and answer.is_whole
    return answer, Job(job_id=answer.json()["id"], wanted=wanted) if taken else None


async def status_of(bench: Bench, job: Job) -> str:
    """Return where a job is; "unknown" while nobody says."""
    answer = await bench.ask(_get(bench, f"{JOBS}/{job.job_id}"))
    return str(answer.json()["status"]) if answer.is_good else "unknown"


async def wait_for(bench: Bench, jobs: Sequence[Job], *, within_s: float) -> dict[str, str]:
    """Wait until all have ended, or the time is over; returns each job's status by its id."""
    end_s, found = time.monotonic() + within_s, dict.fromkeys((j.job_id for j in jobs), "unknown")
    while time.monotonic() < end_s:
        for job in jobs:
            if found[job.job_id] not in _ENDED:
                found[job.job_id] = await status_of(bench, job)
        if set(found.values()) <= _ENDED:
            break
        await asyncio.sleep(_POLL_S)
    return found


async def fetch_pcm(bench: Bench, job: Job) -> bytes | None:
    """Return the samples of a job's file; None where there is none."""
    answer = await bench.ask(_get(bench, f"{JOBS}/{job.job_id}/audio"))
    if answer.status in _REDIRECTS:
        place = urlsplit(answer.headers["location"])
        answer = await bench.ask(Request(path=f"{place.path}?{place.query}"))
    if not answer.is_good:
        return None
    with wave.open(io.BytesIO(answer.body)) as file:
        return bytes(file.readframes(file.getnframes()))


async def say_pcm(bench: Bench, wanted: Utterance) -> bytes | None:
    """Return the samples of the same text, asked for in real time; None where it is not said."""
    answer = await bench.ask(Request(method="POST", path=SPEECH, body=_body(wanted)))
    head, mark, rest = answer.body.partition(b"data")  # a stream's header claims no true size
    return rest[4:] if answer.is_good and mark and head.startswith(b"RIFF") else None


def _body(wanted: Utterance) -> dict[str, str]:
    return {
        "model": wanted.model,
        "voice": wanted.voice,
        "input": wanted.text,
        "response_format": "wav",
    }


def _get(bench: Bench, path: str) -> Request:
    return Request(path=path, headers=bench.key(bench.target.batch_headers is not None))
