"""How a job may change: pure functions of a job and the database's time, applied in a transaction.

Two counts end a job as poison. `deliveries` counts the attempts whose runner lived and told that
the text may be the cause: `MAX_DELIVERIES` of them are enough. `silent` counts those whose runner
died itself, which is seen when somebody finds the lease over: a machine that goes down says little
about a text, so there may be `MAX_SILENT`; after `PATIENT` of them each lease is twice as long as
the one before. A job that was handed back because a server was away is not counted; it is tried
until it expires.
"""

from __future__ import annotations

from dataclasses import replace

from voxgate.errors import LeaseLostError, SpeechRequestError
from voxgate.serving.jobs.records import ENDED, JobDraft, JobError, JobOutput, JobStatus, SpeechJob

__all__ = [
    "MAX_DELIVERIES",
    "MAX_SILENT",
    "cancel",
    "end_if_over",
    "fail",
    "finish",
    "hand_back",
    "recall",
    "renew",
    "require_same_payload",
    "require_token",
    "take",
]

MAX_DELIVERIES = 3
MAX_SILENT = 10
PATIENT = 3
"""Silent attempts that follow each other at the pace of leases: machines do go down."""

LONGEST_LEASE = 32
"""In leases: what an attempt after many silent ones waits for at most."""


def require_same_payload(job: SpeechJob, draft: JobDraft) -> None:
    """Stop when an idempotency key comes with another payload than the first time.

    Raises:
        SpeechRequestError: code `idempotency_key_reused`.
    """
    if job.payload_digest != draft.payload_digest:
        raise SpeechRequestError(
            "Idempotency-Key",
            "idempotency_key_reused",
            f"Idempotency-Key: the key was used for job {job.id}, which asks for something else. "
            "Send the same body again, or take a new key",
        )


def require_token(job: SpeechJob, token: int) -> None:
    """Stop a runner that does not hold the job any more.

    A lease that ran out while nobody wanted the job is still its: nobody came in between.

    Raises:
        LeaseLostError: another runner took the job, or it has ended.
    """
    if job.status is not JobStatus.RUNNING or job.attempt != token:
        raise LeaseLostError(
            f"job {job.id}: attempt {token} does not hold it, it is {job.status} at attempt "
            f"{job.attempt}. What was made of it is thrown away"
        )


def take(job: SpeechJob, now_s: float, *, lease_s: float) -> SpeechJob:
    """Let a runner have a job that is due; one that had its chances ends instead."""
    if job.due_at_s is None or job.due_at_s > now_s:
        raise ValueError(f"job {job.id} is not due")
    if (ended := end_if_over(job, now_s)) is not None:
        return ended
    return replace(
        job,
        status=JobStatus.RUNNING,
        attempt=job.attempt + 1,
        silent=_silent(job),
        started_at_s=now_s if job.started_at_s is None else job.started_at_s,
        due_at_s=now_s + _lease_s(_silent(job), lease_s),
    )


def end_if_over(job: SpeechJob, now_s: float) -> SpeechJob | None:
    """Return a job that is due as expired or failed where it was its last turn, else None."""
    if job.expires_at_s <= now_s:
        return _ended(job, now_s, JobStatus.EXPIRED)
    if job.deliveries >= MAX_DELIVERIES:
        return _poison(job, now_s, f"{job.deliveries} runners did not come through with it")
    if _silent(job) >= MAX_SILENT:
        return _poison(job, now_s, f"{_silent(job)} runners died while they had it")
    return None


def renew(job: SpeechJob, now_s: float, *, lease_s: float) -> SpeechJob:
    """Let the lease of a running job begin anew."""
    return replace(job, due_at_s=now_s + _lease_s(job.silent, lease_s))


def finish(job: SpeechJob, now_s: float, *, output: JobOutput) -> SpeechJob:
    """End a running job with its result."""
    return replace(_ended(job, now_s, JobStatus.SUCCEEDED), output=output, error=None)


def fail(job: SpeechJob, now_s: float, *, error: JobError) -> SpeechJob:
    """End a job that cannot be spoken."""
    return replace(_ended(job, now_s, JobStatus.FAILED), error=error)


def hand_back(
    job: SpeechJob, now_s: float, *, error: JobError | None, pause_s: float, counted: bool
) -> SpeechJob:
    """Put a running job back into the queue; `counted` where the job itself may be the cause."""
    return replace(
        job,
        status=JobStatus.QUEUED,
        deliveries=job.deliveries + counted,
        due_at_s=now_s + pause_s,
        error=error if error is not None else job.error,
    )


def cancel(job: SpeechJob, now_s: float) -> SpeechJob:
    """End a job that is not wanted any more; a cancelled one stays as it is.

    Raises:
        SpeechRequestError: code `job_ended`.
    """
    if job.status is JobStatus.CANCELLED:
        return job
    if job.status in ENDED:
        raise SpeechRequestError(
            None, "job_ended", f"job {job.id} is {job.status}; only an open one can be cancelled"
        )
    return _ended(job, now_s, JobStatus.CANCELLED)


def recall(job: SpeechJob, _now_s: float, *, reason: str) -> SpeechJob:
    """Take a result back; it keeps what the speech was made with, and loses its file.

    Raises:
        SpeechRequestError: code `job_has_no_output`.
    """
    if job.status is JobStatus.RECALLED:
        return job
    if job.status is not JobStatus.SUCCEEDED:
        raise SpeechRequestError(
            None, "job_has_no_output", f"job {job.id} is {job.status}; it has nothing to recall"
        )
    error = JobError(code="recalled", message=reason)
    return replace(job, status=JobStatus.RECALLED, error=error)


def _silent(job: SpeechJob) -> int:
    """Return how many attempts ended without a word; one that runs and is due is such a one."""
    return job.silent + (job.status is JobStatus.RUNNING)


def _lease_s(silent: int, lease_s: float) -> float:
    return lease_s * min(1 << max(0, silent + 1 - PATIENT), LONGEST_LEASE)


def _poison(job: SpeechJob, now_s: float, what: str) -> SpeechJob:
    last = "nothing was heard of them" if job.error is None else f"the last: {job.error.message}"
    return fail(job, now_s, error=JobError(code="poison", message=f"{what}; {last}"))


def _ended(job: SpeechJob, now_s: float, status: JobStatus) -> SpeechJob:
    return replace(job, status=status, due_at_s=None, completed_at_s=now_s)
