"""Around the runner: jobs that come in, jobs that got lost, and the loop that needs no queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from voxgate.errors import ExternalServiceError, LedgerError, SpeechRequestError, VoxgateError
from voxgate.serving.following import every
from voxgate.serving.jobs.assets import MEDIA_TYPES
from voxgate.serving.jobs.files import remove_attempts
from voxgate.serving.jobs.ports import CheckRequest, JobQueue, JobStore, JobTools
from voxgate.serving.jobs.records import JobDraft, SpeechJob, Submission
from voxgate.serving.jobs.runner import NOT_NOW, as_spoken, run_job
from voxgate.serving.requests import Lane

__all__ = ["EmbeddedRunner", "submit_job", "sweep_jobs"]

_LOGGER = logging.getLogger(__name__)


def submit_job(
    store: JobStore, queue: JobQueue, draft: JobDraft, *, check: CheckRequest | None = None
) -> Submission:
    """Store a job and hand its id to the queue.

    What `check` refuses is not stored; a job that was submitted before is answered all the same.
    What it cannot tell for now is left to the runner. None leaves all of it to the runner.

    A queue that is away gets the id from the sweeper. The caller is told so; sent once more under
    its key, the submission is a replay, which asks no queue.

    Raises:
        SpeechRequestError: an unknown format, or as `JobStore.submit`.
        VoxgateError: as `check`, where it is refused.
        LedgerError: it was not stored.
        ExternalServiceError: it was not stored, or nobody was told of it yet.
    """
    if draft.format not in MEDIA_TYPES:
        raise SpeechRequestError(
            "response_format",
            "format_unknown",
            f"response_format: expected one of {', '.join(MEDIA_TYPES)}, got {draft.format!r}",
        )
    if check is not None:
        try:
            check(draft.request, caller=as_spoken(draft.caller))
        except NOT_NOW as error:
            _LOGGER.info("a job is taken unchecked: %s", error)
        except VoxgateError:
            before = store.submitted(draft)
            if before is None:
                raise
            return Submission(job=before, replayed=True)
    submission = store.submit(draft)
    if not submission.replayed:
        queue.send([submission.job.id], lane=submission.job.lane)
    return submission


def sweep_jobs(
    tools: JobTools, queue: JobQueue, *, silent_s: float = 60.0, limit: int = 500
) -> int:
    """Send again what no queue carries any more, and end what had its last turn; returns how many.

    Any number of sweepers may run at once.

    Raises:
        ExternalServiceError, LedgerError: the database cannot be used.
    """
    sweep = tools.store.sweep(silent_s=silent_s, limit=limit)
    _send(queue, sweep.due)
    for job in sweep.ended:
        _LOGGER.warning("job %s: %s after %d attempts", job.id, job.status, job.attempt)
        remove_attempts(tools, job)
    return len(sweep.due) + len(sweep.ended)


class EmbeddedRunner:
    """A loop that takes jobs by itself; implements `JobQueue`, whose ids merely wake it."""

    def __init__(
        self, tools: JobTools, *, slots: int = 1, poll_s: float = 1.0, sweep_s: float = 15.0
    ) -> None:
        """Run up to `slots` jobs at a time; look every `poll_s`, and sweep every `sweep_s`."""
        self._tools = tools
        self._slots = slots
        self._poll_s = poll_s
        self._sweep_s = sweep_s
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, ids: Sequence[str], *, lane: Lane) -> None:  # noqa: ARG002 - the rows say it
        """Look at once, if the loop runs; may be called from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop was closed: nobody is there to be woken
                self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Run until it is cancelled; jobs that are under way are handed back then."""
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._slots):
                    group.create_task(self._take_turns())
                group.create_task(self._sweep())
        finally:
            self._loop = None

    async def _take_turns(self) -> None:
        claim = partial(self._tools.store.claim, lease_s=self._tools.lease_s)
        while True:
            self._wake.clear()
            try:
                taken = await asyncio.to_thread(claim)
                for job in taken:
                    await run_job(job, self._tools)
            except (ExternalServiceError, LedgerError) as error:
                _LOGGER.warning("no jobs are taken: %s", error)
                taken = []
                await asyncio.sleep(self._poll_s)
            if not taken:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll_s)

    async def _sweep(self) -> None:
        sweep = partial(sweep_jobs, self._tools, self)
        await every(self._sweep_s, sweep, without="jobs were not swept")


def _send(queue: JobQueue, found: Sequence[SpeechJob]) -> None:
    for lane in Lane:
        ids = [job.id for job in found if job.lane is lane]
        if not ids:
            continue
        try:
            queue.send(ids, lane=lane)
        except ExternalServiceError as error:
            _LOGGER.warning("%d jobs wait for the sweeper: %s", len(ids), error)
