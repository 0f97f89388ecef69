"""Run jobs: take one, say it, store the file, publish it under the token. One result a job.

`run_jobs` is what a queue's worker calls with ids; `loop` does the same where there is none.
Jobs are taken one at a time, so that a text which kills its runner takes no neighbour with it. A
job may run twice or die anywhere: each attempt has a file name of its own (an HMAC of job and
attempt), only the holder of the newest token publishes one, and who ends a job removes the files of
the attempts before.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.encoding import EncodingName, nearest_rate_hz, resample_pcm
from voxgate.audio.levelling import levelled
from voxgate.errors import (
    DeadlineError,
    ExternalServiceError,
    LeaseLostError,
    LedgerError,
    OverloadedError,
    StorageError,
    VoiceError,
    VoxgateError,
    WorkerLostError,
)
from voxgate.serving.jobs import transitions as jobs
from voxgate.serving.jobs.assets import MEDIA_TYPES
from voxgate.serving.jobs.files import attempt_file, remove_attempts, remove_files
from voxgate.serving.jobs.ports import JobTools, Transition
from voxgate.serving.jobs.records import ENDED, JobError, JobOutput, SpeechJob
from voxgate.serving.pool.memory_budget import DeviceMemoryError, OutOfDeviceMemoryError
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane, SpokenSentence

__all__ = ["NOT_NOW", "as_spoken", "run_job", "run_jobs"]

RENEWALS_A_LEASE = 3
LONGEST_PAUSE_S = 60.0

NOT_NOW = (
    OverloadedError,
    DeadlineError,
    DeviceMemoryError,
    ExternalServiceError,
    LedgerError,
    StorageError,
)
"""Errors that say nothing about a job: it waits for its turn."""

_PERHAPS_THE_TEXT = (WorkerLostError, OutOfDeviceMemoryError)
_LOGGER = logging.getLogger(__name__)


async def run_jobs(ids: Sequence[str], tools: JobTools) -> list[SpeechJob]:
    """Run those of the jobs that are due, one after the other; returns what became of them.

    Whatever is wrong with one job is written into its row and stops no other.

    Raises:
        ExternalServiceError, LedgerError: the database cannot be used; leases end by themselves.
    """
    done: list[SpeechJob] = []
    for job_id in ids:
        claim = partial(tools.store.claim, lease_s=tools.lease_s, ids=[job_id])
        done += [await run_job(job, tools) for job in await asyncio.to_thread(claim)]
    return done


async def run_job(job: SpeechJob, tools: JobTools) -> SpeechJob:
    """Run a claimed job to its end, or to the point where it is somebody else's.

    Raises:
        ExternalServiceError, LedgerError: the database cannot be used.
    """
    if job.status in ENDED:  # it had its last turn
        await asyncio.to_thread(remove_attempts, tools, job)
        return job
    work = asyncio.create_task(_make(job, tools))
    heart = asyncio.create_task(_beat(job, tools))
    try:
        await asyncio.wait({work, heart}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            heart.result()  # the lease is lost: raises, and so ends the work below
        ended = await _write(job, tools, partial(jobs.finish, output=_result(work)))
    except LeaseLostError as error:
        await _stop(work)
        return await _leave(job, tools, error)
    except asyncio.CancelledError:
        await _stop(work)
        back = partial(jobs.hand_back, error=None, pause_s=0.0, counted=False)
        with suppress(VoxgateError):  # it is due again when its lease ends
            await asyncio.to_thread(tools.store.change, job.id, back, token=job.attempt)
        raise
    except Exception as error:  # noqa: BLE001 - whatever one job brings up is written into its row
        ended = await _settle(job, tools, error)
    finally:
        await _stop(work)
        await _stop(heart)
    if ended.status in ENDED:
        await asyncio.to_thread(remove_attempts, tools, ended)
    else:
        await asyncio.to_thread(remove_files, tools, [attempt_file(job, tools, job.attempt)])
    return ended


def as_spoken(caller: Caller) -> Caller:
    """Return as whom a caller's jobs are spoken.

    An urgent job is taken first; but hours of speech in front of whoever waits for a first word
    would be a full queue, so no job is spoken in the real-time lane.
    """
    return replace(caller, lane=Lane.BATCH)


async def _make(job: SpeechJob, tools: JobTools) -> JobOutput:
    """Say a job and store its file under the name of this attempt."""
    answer = await tools.say(job.request, caller=as_spoken(job.caller))
    sentences = [sentence async for sentence in answer.sentences]
    if not sentences or {s.sample_rate_hz for s in sentences} != {answer.sample_rate_hz}:
        rates = [sentence.sample_rate_hz for sentence in sentences]
        raise VoiceError(f"expected sentences at {answer.sample_rate_hz} Hz, got {rates}")
    rate_hz = job.sample_rate_hz or nearest_rate_hz(
        cast("EncodingName", job.format), answer.sample_rate_hz
    )
    pcm = await asyncio.to_thread(_joined, sentences, rate_hz)
    file = pcm
    if answer.loudness_lufs is not None:
        file = await asyncio.to_thread(levelled, pcm, rate_hz, lufs=answer.loudness_lufs)
    encode = partial(tools.encode, sample_rate_hz=rate_hz, format=job.format)
    content = await asyncio.to_thread(encode, file)
    # A holder that was overtaken stops here, before it writes anything.
    renew = partial(jobs.renew, lease_s=tools.lease_s)
    await asyncio.to_thread(tools.store.change, job.id, renew, token=job.attempt)
    name, media_type = attempt_file(job, tools, job.attempt), MEDIA_TYPES[job.format]
    put = asyncio.create_task(
        asyncio.to_thread(tools.assets.put, name, content, media_type=media_type)
    )
    try:
        stored = await asyncio.shield(put)
    except asyncio.CancelledError:  # a thread cannot be stopped; whoever removes the file waits
        await asyncio.wait({put})
        raise
    return JobOutput(
        asset_id=stored.asset_id,
        media_type=stored.media_type,
        format=job.format,
        bytes=stored.bytes,
        sha256=stored.sha256,
        pcm_sha256=sha256(pcm.astype("<i2").tobytes()).hexdigest(),
        duration_s=len(pcm) / rate_hz,
        sample_rate_hz=rate_hz,
        sentences=len(sentences),
        cut_sentences=sum(sentence.stopped_by_limit for sentence in sentences),
        model=answer.model,
        version=answer.version,
        voice_digest=answer.voice_digest,
        profile=answer.profile,
        preset=answer.preset,
        preset_digest=answer.preset_digest,
        seed=answer.seed,
    )


def _joined(sentences: Sequence[SpokenSentence], rate_hz: int) -> NDArray[np.int16]:
    """Return (T,) samples at `rate_hz`; each sentence is resampled alone, as in a stream."""
    return np.concatenate([resample_pcm(s.pcm, s.sample_rate_hz, rate_hz) for s in sentences])


def _result(work: asyncio.Task[JobOutput]) -> JobOutput:
    if work.cancelled():  # not by this runner: it would have been told
        raise WorkerLostError("the service that spoke was stopped")
    return work.result()


async def _beat(job: SpeechJob, tools: JobTools) -> None:
    renew = partial(jobs.renew, lease_s=tools.lease_s)
    while True:
        await asyncio.sleep(tools.lease_s / RENEWALS_A_LEASE)
        try:
            await asyncio.to_thread(tools.store.change, job.id, renew, token=job.attempt)
        except (ExternalServiceError, LedgerError) as error:  # the next beat tries again
            _LOGGER.warning("job %s: the lease was not renewed: %s", job.id, error)


async def _write(job: SpeechJob, tools: JobTools, transition: Transition) -> SpeechJob:
    """Change the row; a database that is away is waited for, as long as a lease lives.

    Otherwise an outage would throw the work away, and count as an attempt that died.
    """
    clock = asyncio.get_running_loop().time
    end_s = clock() + tools.lease_s
    change = partial(tools.store.change, job.id, transition, token=job.attempt)
    while True:
        try:
            return await asyncio.to_thread(change)
        except (ExternalServiceError, LedgerError) as error:
            if clock() >= end_s:
                raise
            _LOGGER.warning("job %s: its end was not written yet: %s", job.id, error)
            await asyncio.sleep(min(1.0, tools.lease_s / 10))


async def _settle(job: SpeechJob, tools: JobTools, error: Exception) -> SpeechJob:
    """Write what went wrong into the row: again later, or failed."""
    change: Transition
    if isinstance(error, NOT_NOW) and not isinstance(error, OutOfDeviceMemoryError):
        change = _back(job, error, counted=False)
    elif isinstance(error, _PERHAPS_THE_TEXT) or not isinstance(error, VoxgateError):
        # The text may be what kills the workers, or what our code has a fault with: it gets its
        # three turns. The message of a foreign error may quote the text, so it is not kept.
        last = traceback.extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        _LOGGER.error("job %s: %s at %s:%s", job.id, kind, last.filename, last.lineno)
        change = _back(job, error, counted=True)
    else:
        change = partial(jobs.fail, error=JobError.of(error))
    try:
        return await _write(job, tools, change)
    except LeaseLostError as lost:
        return await _leave(job, tools, lost)


async def _leave(job: SpeechJob, tools: JobTools, lost: LeaseLostError) -> SpeechJob:
    """Remove what was made of a job that is somebody else's now; returns how it stands.

    It may be this runner that ended it: when the answer to its own write did not arrive.
    """
    _LOGGER.warning("%s", lost)
    now, mine = (
        await asyncio.to_thread(tools.store.job, job.id),
        attempt_file(job, tools, job.attempt),
    )
    if now.output is None or now.output.asset_id != mine:
        await asyncio.to_thread(remove_files, tools, [mine])
    return now


def _back(job: SpeechJob, error: Exception, *, counted: bool) -> Transition:
    pause_s = min(LONGEST_PAUSE_S, 2.0 ** min(job.attempt - 1, 10))
    if isinstance(error, OverloadedError):
        pause_s = max(pause_s, error.retry_after_s)
    return partial(jobs.hand_back, error=JobError.of(error), pause_s=pause_s, counted=counted)


async def _stop(task: asyncio.Task[object]) -> None:
    """End a task and wait for it; what it still has to say is of no interest any more."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()
