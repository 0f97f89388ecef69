"""Speech jobs that were spoken with what is called back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from voxgate.batching import batched
from voxgate.campaigns.ports import Selector
from voxgate.serving.jobs.ports import AssetStore, JobStore
from voxgate.serving.jobs.records import JobOutput, JobStatus
from voxgate.serving.jobs.transitions import recall

__all__ = ["SpokenJob", "names_jobs", "recall_jobs", "spoken_jobs"]

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class SpokenJob:
    """A job that has, or had, a file."""

    id: str
    output: JobOutput


def names_jobs(selector: Selector) -> bool:
    """Tell whether jobs can be meant: they say neither campaign, nor consent, nor code."""
    return selector.campaign is None and selector.consent is None and selector.code is None


def spoken_jobs(
    store: JobStore, selector: Selector, *, and_recalled: bool = False
) -> Iterator[SpokenJob]:
    """Yield the jobs with speech that a selector names, newest first.

    Raises:
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    if not names_jobs(selector):
        return
    statuses = [JobStatus.SUCCEEDED, *([JobStatus.RECALLED] if and_recalled else [])]
    for status in statuses:
        after: str | None = None
        while page := store.jobs(status=status, limit=_AT_ONCE, after=after):
            after = page[-1].id
            for job in page:
                if job.output is not None and _is_named(job.output, selector):
                    yield SpokenJob(id=job.id, output=job.output)


def recall_jobs(store: JobStore, assets: AssetStore, selector: Selector, *, reason: str) -> int:
    """Remove the files of the jobs that a selector names, then say so in their rows.

    In this order a kill in between leaves nothing that can be fetched, and the next recall finds
    the same jobs. Returns how many were called back.

    Raises:
        LedgerError, StorageError, ExternalServiceError: rows or files cannot be changed; what is
            left is called back by the next one.
    """
    count = 0
    for some in batched(spoken_jobs(store, selector), _AT_ONCE):
        assets.remove_many([job.output.asset_id for job in some])
        for job in some:
            store.change(job.id, partial(recall, reason=reason))
        count += len(some)
    return count


def _is_named(output: JobOutput, selector: Selector) -> bool:
    exact = {
        "model": selector.model,
        "version": selector.version,
        "preset": selector.preset,
        "asset_id": selector.asset,
    }
    return all(
        wanted is None or getattr(output, name) == wanted for name, wanted in exact.items()
    ) and (selector.profile is None or _is_profile(output.profile or "", selector.profile))


def _is_profile(found: str, wanted: str) -> bool:
    return found == wanted or ("@" not in wanted and found.partition("@")[0] == wanted)
