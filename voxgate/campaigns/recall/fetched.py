"""Who may have a copy: the cells and jobs whose files were fetched, which no recall reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from voxgate.batching import batched
from voxgate.campaigns.ports import CampaignStore, Selector
from voxgate.campaigns.recall.jobs import spoken_jobs
from voxgate.files import digest_json, write_bytes, write_json
from voxgate.private_files import make_private_folder
from voxgate.serving.jobs.fetches import FetchLog
from voxgate.serving.jobs.ports import JobStore
from voxgate.spreadsheets import write_table

__all__ = ["FetchedFile", "fetched_files", "recall_folder", "write_fetched"]

_IDS_AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class FetchedFile:
    """A file that somebody may have, and for whom it was: a cell's recipient, or a job."""

    campaign: str | None
    recipient_id: str | None
    template: str | None
    job: str | None
    asset_id: str
    first_fetched_at: datetime | None = None
    last_fetched_at: datetime | None = None
    times: int = 0

    def as_row(self) -> dict[str, str | int | None]:
        """Return it as JSON values."""
        times = {
            name: None if at is None else at.isoformat(timespec="seconds")
            for name, at in (
                ("first_fetched_at", self.first_fetched_at),
                ("last_fetched_at", self.last_fetched_at),
            )
        }
        return {**asdict(self), **times}


def fetched_files(
    store: CampaignStore, jobs: JobStore, fetches: FetchLog, selector: Selector
) -> Iterator[FetchedFile]:
    """Yield what was fetched of what a selector names, the same before and after a recall.

    A file that five cells share is five entries: each of the five may have it.

    Raises:
        LedgerError, StorageError, ExternalServiceError: the database cannot be used.
    """
    for some in batched(_named(store, jobs, selector), _IDS_AT_ONCE):
        known = fetches.fetches(sorted({file.asset_id for file in some}))
        for file in some:
            if (when := known.get(file.asset_id)) is not None:
                yield FetchedFile(
                    campaign=file.campaign,
                    recipient_id=file.recipient_id,
                    template=file.template,
                    job=file.job,
                    asset_id=file.asset_id,
                    first_fetched_at=when.first_at,
                    last_fetched_at=when.last_at,
                    times=when.times,
                )


def recall_folder(recalls: Path, selector: Selector) -> Path:
    """Return where the list of a recall lies; one of the same things is the same recall."""
    return recalls / digest_json(selector.given)[:16]


def write_fetched(folder: Path, selector: Selector, files: Iterable[FetchedFile]) -> None:
    """Write `fetched.csv`, which no spreadsheet runs, and `fetched.json`, for their owner alone.

    Raises:
        StorageError: the folder cannot be made.
    """
    rows = [file.as_row() for file in files]
    make_private_folder(folder)
    header = [field.name for field in fields(FetchedFile)]
    cells = ([_cell(row[name]) for name in header] for row in rows)
    write_bytes(folder / "fetched.csv", write_table(header, cells).encode())
    document = {"selector": selector.given, "fetched": rows}
    write_json(folder / "fetched.json", document)


def _named(store: CampaignStore, jobs: JobStore, selector: Selector) -> Iterator[FetchedFile]:
    for cell in store.named_cells(selector):
        yield FetchedFile(
            campaign=cell.campaign,
            recipient_id=cell.recipient_id,
            template=cell.template,
            job=None,
            asset_id=cell.asset_id,
        )
    for job in spoken_jobs(jobs, selector, and_recalled=True):
        yield FetchedFile(
            campaign=None,
            recipient_id=None,
            template=None,
            job=job.id,
            asset_id=job.output.asset_id,
        )


def _cell(value: str | int | None) -> str:
    return "" if value is None else str(value)
