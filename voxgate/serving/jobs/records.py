"""A job: speech that somebody fetches later, as the row that is the truth about it.

A runner takes a job under a lease and gets a token (the number of the attempt); whatever it has to
say about the job later is heard only while that token is the newest (`transitions`). So a queue
may lose, repeat or reorder what it carries, and a job still has one result.

Times are seconds since 1970 by the database's clock.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from voxgate.errors import SpeechError, SpeechRequestError, VoxgateError
from voxgate.excerpts import excerpt
from voxgate.files import digest_json
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane, SpeechRequest

__all__ = [
    "ENDED",
    "TIME_TO_LIVE_S",
    "JobDraft",
    "JobError",
    "JobOutput",
    "JobStatus",
    "SpeechJob",
    "Submission",
    "UnknownJobError",
    "error_code",
    "new_job",
    "require_job_id",
]

TIME_TO_LIVE_S = 24 * 3600.0
"""How long a job waits for its turn, as an idempotency key is kept (docs/speech_jobs.md)."""

_LONGEST_KEY = 255
_JOB_ID = re.compile(r"job_[0-9a-f]{32}")


class JobStatus(StrEnum):
    """Where a job stands; the words are those of the interface."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RECALLED = "recalled"


ENDED = frozenset(JobStatus) - {JobStatus.QUEUED, JobStatus.RUNNING}
"""No runner touches these any more; a succeeded one may still be recalled."""


class UnknownJobError(SpeechError):
    """There is no job of this id, or it is somebody else's."""


@dataclass(frozen=True, kw_only=True)
class JobError:
    """Why a job has no result (yet). `code` is stable, for programs."""

    code: str
    message: str

    @classmethod
    def of(cls, error: Exception) -> Self:
        """Say what an error says; of a foreign one only its kind, as it may quote the text."""
        name = type(error).__name__.removesuffix("Error")
        if isinstance(error, SpeechRequestError):
            return cls(code=error.code, message=str(error))
        if not isinstance(error, VoxgateError):
            return cls(code="internal", message=f"a fault of the service ({name})")
        return cls(code=error_code(type(error)), message=str(error))


def error_code(kind: type[Exception]) -> str:
    """Return the code of an error's class: `unknown_profile` for UnknownProfileError."""
    name = kind.__name__.removesuffix("Error")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")


@dataclass(frozen=True, kw_only=True)
class JobOutput:
    """The stored speech, and what it was made with.

    `sha256` and `bytes` are those of the file; `pcm_sha256` is that of the samples, which another
    run must give again. `cut_sentences` counts those that the voice's limit stopped.
    """

    asset_id: str
    media_type: str
    format: str
    bytes: int
    sha256: str
    pcm_sha256: str
    duration_s: float
    sample_rate_hz: int
    sentences: int
    cut_sentences: int
    model: str
    version: int
    voice_digest: str
    profile: str | None
    preset: str
    preset_digest: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class JobDraft:
    """What a caller submits: a request, as which file, and the key that names the submission.

    `route` keeps the keys of different doors apart. `sample_rate_hz` is the file's; None is the
    voice's, or the next one that the format can have.
    """

    caller: Caller
    route: str
    idempotency_key: str
    request: SpeechRequest
    format: str
    sample_rate_hz: int | None = None
    time_to_live_s: float = TIME_TO_LIVE_S

    def __post_init__(self) -> None:
        """Refuse what cannot be stored, and a time to live that is none.

        Raises:
            SpeechRequestError: code `idempotency_key_invalid`, `text_invalid` or
                `time_to_live_invalid`.
        """
        try:
            self.request.text.encode()
        except UnicodeEncodeError:  # half a surrogate pair, as JSON can carry it
            raise SpeechRequestError(
                "input", "text_invalid", "input: expected Unicode, got half a surrogate pair"
            ) from None
        key = self.idempotency_key
        if not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
            raise SpeechRequestError(
                "Idempotency-Key",
                "idempotency_key_invalid",
                f"Idempotency-Key: expected 1 to {_LONGEST_KEY} printable ASCII characters, got "
                f"{len(key)} characters; a random UUID will do",
            )
        if not 0 < self.time_to_live_s < float("inf"):
            raise SpeechRequestError(
                "time_to_live_s",
                "time_to_live_invalid",
                f"time_to_live_s: expected a positive number of seconds, got {self.time_to_live_s}",
            )

    @property
    def payload_digest(self) -> str:
        """Name what is asked for; who asks, and when, is no part of it."""
        return digest_json(
            {
                "request": asdict(self.request),
                "format": self.format,
                "sample_rate_hz": self.sample_rate_hz,
            }
        )


@dataclass(frozen=True, kw_only=True)
class SpeechJob:
    """One job. `attempt` is the fencing token of whoever runs it.

    `deliveries` counts attempts that failed and may have done so because of the text, `silent`
    those whose runner died without a word (`transitions`).

    `due_at_s` says from when on a runner may take it: the end of its pause while it is queued, the
    end of the lease while it runs, None when it has ended.
    """

    id: str
    caller: Caller
    route: str
    idempotency_key: str
    payload_digest: str
    request: SpeechRequest
    format: str
    created_at_s: float
    expires_at_s: float
    due_at_s: float | None
    sample_rate_hz: int | None = None
    status: JobStatus = JobStatus.QUEUED
    attempt: int = 0
    deliveries: int = 0
    silent: int = 0
    started_at_s: float | None = None
    completed_at_s: float | None = None
    output: JobOutput | None = None
    error: JobError | None = None

    @property
    def lane(self) -> Lane:
        """Say how soon it must be said."""
        return self.caller.lane


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A submitted job. `replayed`: it was submitted before, under the same key."""

    job: SpeechJob
    replayed: bool


def require_job_id(job_id: str) -> str:
    """Return the id when a job can have it; no other text is put to a database.

    Raises:
        UnknownJobError: no job has such an id.
    """
    if not _JOB_ID.fullmatch(job_id):
        raise UnknownJobError(f"job {excerpt(job_id)}: there is no such job of this key")
    return job_id


def new_job(draft: JobDraft, *, now_s: float) -> SpeechJob:
    """Make a queued job with a random id."""
    return SpeechJob(
        id=f"job_{secrets.token_hex(16)}",
        caller=draft.caller,
        route=draft.route,
        idempotency_key=draft.idempotency_key,
        payload_digest=draft.payload_digest,
        request=draft.request,
        format=draft.format,
        sample_rate_hz=draft.sample_rate_hz,
        created_at_s=now_s,
        expires_at_s=now_s + draft.time_to_live_s,
        due_at_s=now_s,
    )
