"""What jobs need of the world: rows, a queue of ids, a store of files, a voice, an encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.serving.jobs.assets import PRIVATE_CACHING, ByteRange, StoredAsset
from voxgate.serving.jobs.records import JobDraft, JobStatus, SpeechJob, Submission
from voxgate.serving.ports import Answer, Caller
from voxgate.serving.requests import Lane, SpeechRequest

__all__ = [
    "AssetStore",
    "CheckRequest",
    "EncodeSpeech",
    "JobQueue",
    "JobStore",
    "JobTools",
    "SayRequest",
    "Sweep",
    "Transition",
]

Transition = Callable[[SpeechJob, float], SpeechJob]
"""A job and the database's time in, the changed job out: `transitions`."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a sweep found: jobs to be sent again, and jobs that ended by it."""

    due: Sequence[SpeechJob]
    ended: Sequence[SpeechJob]


class JobStore(Protocol):
    """The rows of jobs. Every method is one transaction, and may be called from any thread.

    All of them raise ExternalServiceError or LedgerError when the database cannot be used; nothing
    was changed then.
    """

    def submit(self, draft: JobDraft) -> Submission:
        """Store a job, or return the one that the same key on the same route made before.

        Raises:
            SpeechRequestError: the key came with another payload (`idempotency_key_reused`).
        """
        ...

    def submitted(self, draft: JobDraft) -> SpeechJob | None:
        """Return the job that the same key on the same route made before; None is none.

        Raises:
            SpeechRequestError: as `submit`.
        """
        ...

    def job(self, job_id: str, *, key_id: str | None = None) -> SpeechJob:
        """Return a job; with `key_id` only one that this key submitted.

        Raises:
            UnknownJobError: there is none.
        """
        ...

    def jobs(
        self,
        *,
        key_id: str | None = None,
        status: JobStatus | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> list[SpeechJob]:
        """Return jobs, newest first; `after` is the last one of the page before.

        Raises:
            UnknownJobError: `after` is no job of this key.
        """
        ...

    def counts(self) -> Mapping[JobStatus, int]:
        """Return how many jobs of all keys have each status; one that none has may be left out."""
        ...

    def claim(
        self, *, lease_s: float, limit: int = 1, ids: Sequence[str] | None = None
    ) -> list[SpeechJob]:
        """Take up to `limit` jobs that are due (of `ids`, if given), the urgent and old ones first.

        Two callers never get the same job while its lease lives. Those returned are running, or
        have ended because it was their last turn.
        """
        ...

    def change(
        self,
        job_id: str,
        transition: Transition,
        *,
        token: int | None = None,
        key_id: str | None = None,
    ) -> SpeechJob:
        """Apply a transition; with a token only while it is the newest (`require_token`).

        Raises:
            UnknownJobError: there is none, or not of `key_id`.
            LeaseLostError: the token is stale; nothing was changed.
            SpeechRequestError: as the transition.
        """
        ...

    def sweep(self, *, silent_s: float, limit: int) -> Sweep:
        """Find what is due and was sent to no queue for `silent_s`; marks it as sent now."""
        ...


class JobQueue(Protocol):
    """Something that brings ids to runners. It may lose, double or reorder them."""

    def send(self, ids: Sequence[str], *, lane: Lane) -> None:
        """Hand over ids of jobs that are stored.

        Raises:
            ExternalServiceError: the queue cannot be reached; the sweeper sends them later.
        """
        ...


class AssetStore(Protocol):
    """Files by id.

    Every method raises ExternalServiceError or StorageError when it cannot answer, and
    UnsafePathError for what is no id.
    """

    def put(
        self,
        asset_id: str,
        content: bytes,
        *,
        media_type: str,
        tags: Sequence[str] = (),
        cache_control: str = PRIVATE_CACHING,
    ) -> StoredAsset:
        """Store a file with what caches are told of it; it is there as a whole or not at all.

        Raises:
            ValueError: tags or `cache_control` cannot be; see `require_caching`.
        """
        ...

    def describe(self, asset_id: str) -> StoredAsset:
        """Return what is stored.

        Raises:
            UnknownAssetError: there is none.
        """
        ...

    def read(self, asset_id: str, part: ByteRange | None = None) -> Iterator[bytes]:
        """Yield the bytes of a file, or a part of them, in blocks.

        Raises:
            UnknownAssetError: there is none.
        """
        ...

    def url(self, asset_id: str, *, ttl_s: int) -> str:
        """Return an address that is good for `ttl_s` seconds; the file is not looked for."""
        ...

    def remove(self, asset_id: str) -> None:
        """Delete a file; one that is not there is no error."""
        ...

    def remove_many(self, asset_ids: Sequence[str]) -> None:
        """Delete files; those that are not there are no error, so it can be repeated.

        No file is touched where one id is none. Where some cannot be deleted, the others are.
        """
        ...


class SayRequest(Protocol):
    """`SpeechService.say`, as far as a job needs it."""

    async def __call__(self, request: SpeechRequest, *, caller: Caller) -> Answer:
        """Begin to speak; raises as `SpeechService.say`."""
        ...


class CheckRequest(Protocol):
    """`SpeechService.check`."""

    def __call__(self, request: SpeechRequest, *, caller: Caller) -> None:
        """Raise what speaking it now would raise; from any thread."""
        ...


class EncodeSpeech(Protocol):
    """Samples to a file."""

    def __call__(self, pcm: NDArray[np.int16], *, sample_rate_hz: int, format: str) -> bytes:  # noqa: A002 - the interface's word
        """Return a file of (T,) int16 samples, with its true sizes in its header."""
        ...


@dataclass(frozen=True, kw_only=True)
class JobTools:
    """What running jobs needs. `secret` names files, at least 24 random bytes, the same everywhere.

    A lease of `lease_s` is renewed three times in its life, from this process's event loop.
    """

    store: JobStore
    assets: AssetStore
    say: SayRequest
    encode: EncodeSpeech
    secret: bytes
    lease_s: float = 60.0
