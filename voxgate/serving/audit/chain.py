"""The chain that seals records of speech: one row a batch, and what is asked of its keeper.

Speech is counted in thousands an hour, so a row names the records of its batch by one digest over
theirs. Who keeps the head of the chain can tell later that no record was altered, taken out or put
in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voxgate.files import digest_bytes, digest_json
from voxgate.hash_chain import GENESIS, Finding, Sealed, name_head, sealed, time_text
from voxgate.serving.audit.record import SpeechRecord

__all__ = [
    "Batch",
    "BatchRow",
    "SpeechAudit",
    "SpeechQuery",
    "StoredRecord",
    "content_digest",
    "find_altered_records",
    "seal_batch",
]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Records that are appended together, as texts; `batch_id` is never used for others.

    `dropped` counts the lines of the spool that were not whole: records that are lost, and that the
    chain shall say so about.
    """

    batch_id: str
    contents: tuple[str, ...]
    dropped: int = 0


@dataclass(frozen=True, kw_only=True)
class BatchRow(Sealed):
    """A batch as the chain has it. `at` is when it was appended, UTC, as text."""

    sequence: int
    batch_id: str
    at: str
    records: int
    dropped: int
    content_digest: str
    previous: str
    digest: str

    @property
    def head(self) -> str:
        """Name the chain up to here: sequence and digest."""
        return name_head(self.sequence, self.digest)


@dataclass(frozen=True, kw_only=True)
class StoredRecord:
    """A record with its place: the batch's sequence, and its number there, from 1."""

    batch: int
    number: int
    record: SpeechRecord


@dataclass(frozen=True, kw_only=True)
class SpeechQuery:
    """Which records are asked for; None does not choose. Times are of the start, UTC.

    `since` is the first moment and `until` the first one after; of more than `limit` records the
    newest are returned.
    """

    request_id: str | None = None
    model: str | None = None
    version: int | None = None
    profile: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 1000


class SpeechAudit(Protocol):
    """Keeps the records for good."""

    def append(self, batch: Batch) -> bool:
        """Append a batch in one transaction; False where it is there already.

        Raises:
            LedgerTamperedError: the batch is there with other records, or the chain's last row is
                not what was appended, or the chain lacks what is remembered of it outside.
            LedgerError, StorageError, ExternalServiceError: nothing was appended.
        """
        ...

    def find(self, query: SpeechQuery) -> list[StoredRecord]:
        """Return records, oldest first; each batch that one comes from is verified.

        Raises:
            LedgerTamperedError: a batch is not what was appended.
            LedgerError, ExternalServiceError: the database cannot be read.
        """
        ...

    def rows(self) -> tuple[BatchRow, ...]:
        """Return every row of the chain as it is stored, unchecked."""
        ...

    def verify(self, heads: Collection[str] = ()) -> BatchRow | None:
        """Check every batch and record, and the heads that are remembered outside.

        Returns the last row.

        Raises:
            LedgerTamperedError: names the first thing that is not what was appended.
            LedgerError, ExternalServiceError: the database cannot be read.
        """
        ...


def content_digest(contents: Sequence[str]) -> str:
    """Name the records of a batch, in order.

    It is over their digests, so that one record can be shown to belong to a batch without the texts
    of the others.
    """
    return digest_json([digest_bytes(content.encode()) for content in contents])


def seal_batch(batch: Batch, *, after: BatchRow | None, now: datetime) -> BatchRow:
    """Return the row that appends a batch after the chain's last row."""
    row = BatchRow(
        sequence=1 if after is None else after.sequence + 1,
        batch_id=batch.batch_id,
        at=time_text(now),
        records=len(batch.contents),
        dropped=batch.dropped,
        content_digest=content_digest(batch.contents),
        previous=GENESIS if after is None else after.digest,
        digest="",
    )
    return sealed(row)


def find_altered_records(row: BatchRow, contents: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with the records of a batch, as they are stored now."""
    found = len(contents)
    if found != row.records:
        code = "record_added" if found > row.records else "record_missing"
        text = f"batch {row.sequence} was sealed with {row.records} records, {found} are there"
        yield Finding(sequence=row.sequence, code=code, message=text)
    elif content_digest(contents) != row.content_digest:
        text = f"batch {row.sequence}: a record is not what was appended"
        yield Finding(sequence=row.sequence, code="record_altered", message=text)
