"""What a door asks of jobs: submit, find, list, cancel, and the stored speech with its address.

Everything is of one API key; for others a job does not exist. Whatever blocks (a database, a disk)
blocks here too: a door with an event loop calls this in threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from voxgate.clock import utc_now
from voxgate.errors import AccessDeniedError, SpeechRequestError
from voxgate.serving.jobs.assets import ByteRange, StoredAsset, UnknownAssetError, UrlSigner
from voxgate.serving.jobs.counting import JobCounts
from voxgate.serving.jobs.fetches import FetchBook
from voxgate.serving.jobs.loop import submit_job
from voxgate.serving.jobs.ports import AssetStore, CheckRequest, JobQueue, JobStore
from voxgate.serving.jobs.records import (
    JobDraft,
    JobStatus,
    SpeechJob,
    Submission,
    require_job_id,
)
from voxgate.serving.jobs.transitions import cancel

__all__ = ["ADDRESS_TTL_S", "JobDesk", "JobPage", "SpeechAddress"]

ADDRESS_TTL_S = 3600
"""How long an address leads to a file. Whoever asks for the job again gets a new one."""


@dataclass(frozen=True, kw_only=True)
class SpeechAddress:
    """Where a result lies for whoever has the address, until `expires_at_s` (since 1970).

    The URL begins with a slash where the service was not told by which name others reach it.
    """

    url: str
    expires_at_s: int


@dataclass(frozen=True, kw_only=True)
class JobPage:
    """Some jobs, newest first; `has_more`: there are older ones."""

    jobs: Sequence[SpeechJob]
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class JobDesk:
    """The jobs of all keys. `signer` is of a store whose files this service hands out itself.

    `fetches` notes what was fetched by an address; None notes nothing.
    `check` is the service's: what could not be spoken now is refused; None takes everything.
    `is_recalled` tells of a file that was called back, whether it is removed yet or not; None where
    nothing but a removal calls files back.
    `counts` is refreshed by whoever opens the desk; None where nobody counts.

    Every method raises ExternalServiceError, LedgerError or StorageError when it cannot answer.
    """

    store: JobStore
    queue: JobQueue
    assets: AssetStore
    signer: UrlSigner | None = None
    fetches: FetchBook | None = None
    check: CheckRequest | None = None
    is_recalled: Callable[[str], bool] | None = None
    counts: JobCounts | None = None
    address_ttl_s: int = ADDRESS_TTL_S
    clock: Callable[[], datetime] = utc_now

    def submit(self, draft: JobDraft) -> Submission:
        """Store a job and tell a runner of it; see `submit_job`.

        Raises:
            SpeechRequestError: an unknown format, or a key that came with another payload.
            VoxgateError: as `SpeechService.check`, where it is refused.
            ExternalServiceError: not now; sent again under the same key it is still one job.
        """
        return submit_job(self.store, self.queue, draft, check=self.check)

    def find(self, job_id: str, *, key_id: str) -> SpeechJob:
        """Return a job of this key.

        Raises:
            UnknownJobError: there is none.
        """
        return self.store.job(require_job_id(job_id), key_id=key_id)

    def page(
        self, *, key_id: str, status: JobStatus | None, limit: int, after: str | None
    ) -> JobPage:
        """Return up to `limit` jobs of this key; `after` is the last one of the page before.

        Raises:
            UnknownJobError: `after` is no job of this key.
        """
        if after is not None:
            require_job_id(after)
        found = self.store.jobs(key_id=key_id, status=status, limit=limit + 1, after=after)
        return JobPage(jobs=found[:limit], has_more=len(found) > limit)

    def cancel(self, job_id: str, *, key_id: str) -> SpeechJob:
        """End a job that is not wanted any more.

        Raises:
            UnknownJobError: there is none.
            SpeechRequestError: code `job_ended`.
        """
        return self.store.change(require_job_id(job_id), cancel, key_id=key_id)

    def audio(self, job_id: str, *, key_id: str) -> StoredAsset:
        """Return what is stored of a job of this key.

        Raises:
            UnknownJobError: there is none.
            SpeechRequestError: code `job_has_no_output`.
            UnknownAssetError: it was recalled.
        """
        job = self.find(job_id, key_id=key_id)
        if job.status is JobStatus.RECALLED:
            raise UnknownAssetError(f"the speech of job {job.id} was recalled")
        if job.output is None:
            raise SpeechRequestError(
                None, "job_has_no_output", f"job {job.id} is {job.status}; it has no audio"
            )
        return self.assets.describe(job.output.asset_id)

    def signed_audio(self, asset_id: str, *, expires: str, signature: str) -> StoredAsset:
        """Return what lies at an address of this service.

        Raises:
            UnsafePathError: `asset_id` is no id.
            AccessDeniedError: the address was not made here, or its time is over.
            UnknownAssetError: the file was there, and was recalled.
        """
        if self.signer is None:
            raise AccessDeniedError("this service signs no addresses itself", known=False)
        now_s = self.clock().timestamp()
        self.signer.require_valid(asset_id, expires=expires, signature=signature, now_s=now_s)
        # Whoever calls back writes it down first and removes then: in between it is gone as well.
        if self.is_recalled is not None and self.is_recalled(asset_id):
            raise UnknownAssetError(f"asset {asset_id} was recalled")
        return self.assets.describe(asset_id)

    def read(self, asset_id: str, part: ByteRange | None) -> Iterator[bytes]:
        """Yield the bytes of a file, or a part of them; see `AssetStore.read`."""
        return self.assets.read(asset_id, part)

    def note_fetch(self, asset_id: str) -> None:
        """Note that bytes of a file are sent to whoever had its address; never blocks."""
        if self.fetches is not None:
            self.fetches.note(asset_id)

    def address(self, job: SpeechJob) -> SpeechAddress | None:
        """Return an address of a job's speech that needs no key; None where there is no speech."""
        if job.output is None or job.status is not JobStatus.SUCCEEDED:
            return None
        expires_at_s = int(self.clock().timestamp()) + self.address_ttl_s
        url = self.assets.url(job.output.asset_id, ttl_s=self.address_ttl_s)
        return SpeechAddress(url=url, expires_at_s=expires_at_s)
