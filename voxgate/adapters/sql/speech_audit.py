"""The audit of speech in the ledger's database, as a chain of its own; see `SpeechAudit`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_audit_schema import BATCHES, RECORDS
from voxgate.anchor import NOWHERE, Anchor
from voxgate.clock import utc_now
from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import Finding, find_breaks, time_text
from voxgate.serving.audit.chain import (
    Batch,
    BatchRow,
    SpeechQuery,
    StoredRecord,
    content_digest,
    find_altered_records,
    seal_batch,
)
from voxgate.serving.audit.record import SpeechRecord

__all__ = ["SqlSpeechAudit"]

_ALL = sa.select(BATCHES).order_by(BATCHES.c.sequence)


class SqlSpeechAudit:
    """Records in batches; implements `SpeechAudit`, for several processes at once.

    Nothing is appended to, or answered from, a chain that lacks the head that `anchor` remembers.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        anchor: Anchor = NOWHERE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._anchor = anchor

    def append(self, batch: Batch) -> bool:
        """Append a batch once; see `SpeechAudit.append`."""
        with self._database.writing() as connection:
            _require_heads(connection, self._anchor.heads())
            of_batch = sa.select(BATCHES).where(BATCHES.c.batch_id == batch.batch_id)
            known = next(iter(_rows(connection, of_batch)), None)
            if known is None:
                row = _append(connection, batch, now=self._clock())
            else:
                _require_same(known, batch)
        self._anchor.note((known or row).head)
        return known is None

    def find(self, query: SpeechQuery) -> list[StoredRecord]:
        """Return the records that are asked for; see `SpeechAudit.find`."""
        heads = self._anchor.heads()
        with self._database.reading() as connection:
            _require_heads(connection, heads)
            chosen = (
                sa.select(RECORDS.c.batch, RECORDS.c.number)
                .where(*_conditions(query))
                .order_by(RECORDS.c.started_at.desc(), RECORDS.c.batch.desc())
                .limit(query.limit)
            )
            places = {(row.batch, row.number) for row in connection.execute(chosen)}
            found: list[StoredRecord] = []
            for sequence in sorted({batch for batch, _ in places}):
                contents = _verified(connection, sequence)
                found += [
                    StoredRecord(batch=sequence, number=n, record=SpeechRecord.parse(content))
                    for n, content in enumerate(contents, start=1)
                    if (sequence, n) in places
                ]
        return sorted(found, key=lambda entry: entry.record.started_at)

    def rows(self) -> tuple[BatchRow, ...]:
        """Return the chain as it is stored; see `SpeechAudit.rows`."""
        with self._database.reading() as connection:
            return _rows(connection, _ALL)

    def verify(self, heads: Collection[str] = ()) -> BatchRow | None:
        """Check chain, records and remembered heads; see `SpeechAudit.verify`."""
        remembered = (*heads, *self._anchor.heads())
        with self._database.reading() as connection:
            rows = _rows(connection, _ALL)
            _refuse(find_breaks(rows, remembered))
            known = sa.select(BATCHES.c.sequence)
            strays = sa.select(RECORDS.c.batch).where(RECORDS.c.batch.not_in(known)).limit(1)
            stray = connection.execute(strays).scalar_one_or_none()
            if stray is not None:
                text = f"records of batch {stray} are there, which the chain does not have"
                _refuse([Finding(sequence=stray, code="record_added", message=text)])
            for row in rows:
                _verified(connection, row.sequence)
        return rows[-1] if rows else None


def _append(connection: sa.Connection, batch: Batch, *, now: datetime) -> BatchRow:
    newest = sa.select(BATCHES).order_by(BATCHES.c.sequence.desc()).limit(1)
    last = next(iter(_rows(connection, newest)), None)
    if last is not None:
        _require_sealed(last)
    row = seal_batch(batch, after=last, now=now)
    connection.execute(sa.insert(BATCHES).values(**vars(row)))
    if batch.contents:
        connection.execute(sa.insert(RECORDS), list(_record_rows(row.sequence, batch)))
    return row


def _require_heads(connection: sa.Connection, heads: Collection[str]) -> None:
    """Look for the remembered rows alone; the whole chain is read only where one is not there."""
    for head in heads:
        sequence, _, digest = head.partition(":")
        found = _rows(connection, sa.select(BATCHES).where(BATCHES.c.sequence == int(sequence)))
        if [row.digest for row in found] != [digest]:
            _refuse(find_breaks(_rows(connection, _ALL), [head]))


def _verified(connection: sa.Connection, sequence: int) -> list[str]:
    """Return the records of a batch as texts, if they and their copies are what was appended."""
    batch = sa.select(BATCHES).where(BATCHES.c.sequence == sequence)
    row = next(iter(_rows(connection, batch)), None)
    if row is None:
        text = f"records of batch {sequence} are there, which the chain does not have"
        _refuse([Finding(sequence=sequence, code="record_added", message=text)])
        return []
    _require_sealed(row)
    query = sa.select(RECORDS).where(RECORDS.c.batch == sequence).order_by(RECORDS.c.number)
    stored = [dict(entry) for entry in connection.execute(query).mappings()]
    contents = [str(entry["content"]) for entry in stored]
    _refuse(list(find_altered_records(row, contents)))
    batch_of = Batch(batch_id=row.batch_id, contents=tuple(contents))
    if stored != list(_record_rows(sequence, batch_of)):
        text = f"batch {sequence}: what a record is searched by is not what it says"
        _refuse([Finding(sequence=sequence, code="record_altered", message=text)])
    return contents


def _record_rows(sequence: int, batch: Batch) -> Iterator[dict[str, Any]]:
    for number, content in enumerate(batch.contents, start=1):
        record = SpeechRecord.parse(content)
        yield {
            "batch": sequence,
            "number": number,
            "request_id": record.request_id,
            "model": record.model,
            "version": record.version,
            "profile": record.profile,
            "started_at": time_text(record.started_at),
            "content": content,
        }


def _conditions(query: SpeechQuery) -> Iterator[sa.ColumnElement[bool]]:
    for name in ("request_id", "model", "version"):
        wanted = getattr(query, name)
        if wanted is not None:
            yield RECORDS.c[name] == wanted
    if query.profile is not None:
        # A name alone asks for every version of it.
        start = f"{query.profile}@"
        versions = sa.func.substr(RECORDS.c.profile, 1, len(start)) == start
        yield (RECORDS.c.profile == query.profile) | versions
    if query.since is not None:
        yield RECORDS.c.started_at >= time_text(query.since)
    if query.until is not None:
        yield RECORDS.c.started_at < time_text(query.until)


def _require_same(row: BatchRow, batch: Batch) -> None:
    _require_sealed(row)
    if (row.content_digest, row.dropped) != (content_digest(batch.contents), batch.dropped):
        raise LedgerTamperedError(
            f"batch {batch.batch_id} of the speech audit is there as {row.sequence}, with other "
            "records: the file in the spool was altered after it had been delivered. Keep both, "
            "and find out who did it."
        )


def _require_sealed(row: BatchRow) -> None:
    if row.expected_digest() != row.digest:
        text = f"batch {row.sequence}: its row does not match its digest"
        _refuse([Finding(sequence=row.sequence, code="altered", message=text)])


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise LedgerTamperedError(
            f"speech audit, {findings[0].code}: {findings[0].message}. It is not what was appended "
            f"({len(findings)} found): keep the database as it is and restore it from a backup."
        )


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[BatchRow, ...]:
    return tuple(BatchRow(**row) for row in connection.execute(query).mappings())
