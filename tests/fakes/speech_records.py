"""Records of speech that nobody has said, and an audit in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from voxgate.errors import LedgerTamperedError, VoxgateError
from voxgate.hash_chain import find_breaks
from voxgate.serving.audit.chain import (
    Batch,
    BatchRow,
    SpeechQuery,
    StoredRecord,
    find_altered_records,
    seal_batch,
)
from voxgate.serving.audit.record import Outcome, SpeechRecord, keyed_text_digest

START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KEY = b"k" * 32


def make_record(number: int = 1, **changes: Any) -> SpeechRecord:
    started_at = START + timedelta(seconds=number)
    base = SpeechRecord(
        request_id=f"r-{number}",
        trace_id=f"{number:032x}",
        key_id="shop",
        purpose="internal",
        model="voice-test",
        version=1,
        voice_digest="d" * 64,
        profile="anna@2",
        consent_digest="c" * 64,
        preset="telephone@1",
        preset_digest="e" * 64,
        seed=0,
        lane="real_time",
        cache="miss",
        outcome=Outcome.COMPLETE,
        sentences=2,
        duration_s=3.25,
        pcm_sha256="a" * 64,
        text_hmac=keyed_text_digest(f"text {number}", KEY),
        text=None,
        started_at=started_at,
        finished_at=started_at + timedelta(milliseconds=200),
    )
    return replace(base, **changes)


def make_batch(name: str, *numbers: int, **changes: Any) -> Batch:
    contents = tuple(make_record(number, **changes).content() for number in numbers)
    return Batch(batch_id=name, contents=contents)


class MemoryAudit:
    """Implements `SpeechAudit`; while `fault` is set it raises that instead of appending."""

    def __init__(self) -> None:
        self.batches: list[tuple[BatchRow, Batch]] = []
        self.fault: VoxgateError | None = None

    def append(self, batch: Batch) -> bool:
        if self.fault is not None:
            raise self.fault
        if any(known.batch_id == batch.batch_id for known in (b for _, b in self.batches)):
            return False
        last = self.batches[-1][0] if self.batches else None
        self.batches.append((seal_batch(batch, after=last, now=START), batch))
        return True

    def find(self, query: SpeechQuery) -> list[StoredRecord]:
        return [
            StoredRecord(batch=row.sequence, number=number, record=record)
            for row, batch in self.batches
            for number, record in enumerate(map(SpeechRecord.parse, batch.contents), start=1)
            if query.request_id in (None, record.request_id)
        ]

    def rows(self) -> tuple[BatchRow, ...]:
        return tuple(row for row, _ in self.batches)

    def verify(self, heads: Collection[str] = ()) -> BatchRow | None:
        findings = find_breaks(self.rows(), heads)
        for row, batch in self.batches:
            findings += find_altered_records(row, batch.contents)
        if findings:
            raise LedgerTamperedError(findings[0].message)
        return self.rows()[-1] if self.batches else None

    @property
    def request_ids(self) -> list[str]:
        return [entry.record.request_id for entry in self.find(SpeechQuery())]
