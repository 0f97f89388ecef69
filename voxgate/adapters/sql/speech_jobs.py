"""Jobs of the speech service in the ledger's database; implements `JobStore`.

A claim locks the rows that it takes and passes over those that others have locked (PostgreSQL), or
is a transaction that no other writer's comes between (SQLite). The ledger's writers' lock is left
alone on PostgreSQL: jobs change many times a second, and no decision of the release rests on them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.leases import database_time
from voxgate.adapters.sql.speech_schema import SPEECH_JOBS as JOBS
from voxgate.files import canonical_json
from voxgate.serving.jobs.ports import Sweep, Transition
from voxgate.serving.jobs.records import (
    JobDraft,
    JobError,
    JobOutput,
    JobStatus,
    SpeechJob,
    Submission,
    UnknownJobError,
    new_job,
)
from voxgate.serving.jobs.transitions import (
    end_if_over,
    require_same_payload,
    require_token,
    take,
)
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane, SpeechRequest

__all__ = ["SqlJobStore"]

_URGENCY = {Lane.REAL_TIME: 0, Lane.BATCH: 1}
_IDS_A_QUERY = 500
"""Databases bound how many values a query may have."""


class SqlJobStore:
    """The jobs in one database; see `JobStore` for every method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, draft: JobDraft) -> Submission:
        """Store a job once a key; see `JobStore.submit`."""
        with self._writing() as connection:
            now_s = database_time(connection)
            job = new_job(draft, now_s=now_s)
            insert: Callable[[sa.Table], Any] = {
                "sqlite": sqlite.insert, "postgresql": postgresql.insert
            }[connection.dialect.name]  # fmt: skip
            # Of two at once the second waits here for the first to be committed.
            row = {**_row(job), "sent_at_s": now_s}
            query = insert(JOBS).values(**row).on_conflict_do_nothing().returning(JOBS.c.id)
            if connection.execute(query).first() is not None:
                return Submission(job=job, replayed=False)
            stored = _job(connection.execute(_named_by(draft)).one())
        require_same_payload(stored, draft)
        return Submission(job=stored, replayed=True)

    def submitted(self, draft: JobDraft) -> SpeechJob | None:
        """Return what this key made before; see `JobStore.submitted`."""
        with self._database.reading() as connection:
            row = connection.execute(_named_by(draft)).one_or_none()
        if row is None:
            return None
        stored = _job(row)
        require_same_payload(stored, draft)
        return stored

    def job(self, job_id: str, *, key_id: str | None = None) -> SpeechJob:
        """Return a job; see `JobStore.job`."""
        with self._database.reading() as connection:
            return _job(_find(connection, job_id, key_id))

    def jobs(
        self,
        *,
        key_id: str | None = None,
        status: JobStatus | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> list[SpeechJob]:
        """Return a page of jobs, newest first; see `JobStore.jobs`."""
        query = sa.select(JOBS).order_by(JOBS.c.created_at_s.desc(), JOBS.c.id.desc()).limit(limit)
        if key_id is not None:
            query = query.where(JOBS.c.key_id == key_id)
        if status is not None:
            query = query.where(JOBS.c.status == status.value)
        with self._database.reading() as connection:
            if after is not None:
                last = _find(connection, after, key_id)
                place = sa.tuple_(JOBS.c.created_at_s, JOBS.c.id)
                query = query.where(place < sa.tuple_(last.created_at_s, last.id))
            return [_job(row) for row in connection.execute(query)]

    def counts(self) -> Mapping[JobStatus, int]:
        """Count the rows by status, which has an index; see `JobStore.counts`."""
        query = sa.select(JOBS.c.status, sa.func.count()).group_by(JOBS.c.status)
        with self._database.reading() as connection:
            return {JobStatus(status): count for status, count in connection.execute(query)}

    def claim(
        self, *, lease_s: float, limit: int = 1, ids: Sequence[str] | None = None
    ) -> list[SpeechJob]:
        """Take jobs that are due; see `JobStore.claim`."""
        with self._writing() as connection:
            now_s = database_time(connection)
            query = _due(now_s, limit)
            if ids is not None:
                query = query.where(JOBS.c.id.in_(list(ids)[:_IDS_A_QUERY]))
            found = [_job(row) for row in connection.execute(query)]
            claimed = [take(job, now_s, lease_s=lease_s) for job in found]
            for job in claimed:
                _store(connection, job)
        return claimed

    def change(
        self,
        job_id: str,
        transition: Transition,
        *,
        token: int | None = None,
        key_id: str | None = None,
    ) -> SpeechJob:
        """Apply a transition to one job; see `JobStore.change`."""
        with self._writing() as connection:
            job = _job(_find(connection, job_id, key_id, lock=True))
            if token is not None:
                require_token(job, token)
            changed = transition(job, database_time(connection))
            _store(connection, changed)
        return changed

    def sweep(self, *, silent_s: float, limit: int) -> Sweep:
        """Find what no queue carries any more; see `JobStore.sweep`."""
        due, ended = [], []
        with self._writing() as connection:
            now_s = database_time(connection)
            silent = JOBS.c.sent_at_s <= now_s - silent_s
            for row in connection.execute(_due(now_s, limit).where(silent)).all():
                job = _job(row)
                over = end_if_over(job, now_s)
                if over is not None:
                    _store(connection, over)
                    ended.append(over)
                else:
                    due.append(job)
            sent = JOBS.c.id.in_([job.id for job in due])
            connection.execute(sa.update(JOBS).where(sent).values(sent_at_s=now_s))
        return Sweep(due=due, ended=ended)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Yield a transaction in which rows can be locked; alone on SQLite."""
        with self._database.reading() as connection:
            connection.execution_options(writes=True)  # so that SQLite does BEGIN IMMEDIATE
            with connection.begin():
                yield connection


def _named_by(draft: JobDraft) -> sa.Select[Any]:
    """Return a query for the job of a draft's key, on its route."""
    return sa.select(JOBS).where(
        JOBS.c.key_id == draft.caller.key_id,
        JOBS.c.route == draft.route,
        JOBS.c.idempotency_key == draft.idempotency_key,
    )


def _due(now_s: float, limit: int) -> sa.Select[Any]:
    """Return a query for what may be taken; SQLite has no row locks, and leaves FOR UPDATE out."""
    return (
        sa.select(JOBS)
        .where(JOBS.c.due_at_s <= now_s)
        .order_by(JOBS.c.urgency, JOBS.c.created_at_s, JOBS.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _find(
    connection: sa.Connection, job_id: str, key_id: str | None, *, lock: bool = False
) -> sa.Row[Any]:
    query = sa.select(JOBS).where(JOBS.c.id == job_id)
    if key_id is not None:
        query = query.where(JOBS.c.key_id == key_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise UnknownJobError(f"job {job_id[:80]!r}: there is no such job of this key")
    return row


def _store(connection: sa.Connection, job: SpeechJob) -> None:
    connection.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(**_row(job)))


def _row(job: SpeechJob) -> dict[str, Any]:
    caller = {**asdict(job.caller), "rights": sorted(job.caller.rights)}
    return {
        "id": job.id,
        "key_id": job.caller.key_id,
        "route": job.route,
        "idempotency_key": job.idempotency_key,
        "payload_digest": job.payload_digest,
        "caller": canonical_json(caller),
        "request": canonical_json(asdict(job.request)),
        "format": job.format,
        "sample_rate_hz": job.sample_rate_hz,
        "urgency": _URGENCY[job.lane],
        "status": job.status.value,
        "attempt": job.attempt,
        "deliveries": job.deliveries,
        "silent": job.silent,
        "created_at_s": job.created_at_s,
        "expires_at_s": job.expires_at_s,
        "due_at_s": job.due_at_s,
        "started_at_s": job.started_at_s,
        "completed_at_s": job.completed_at_s,
        "output": None if job.output is None else canonical_json(asdict(job.output)),
        "error": None if job.error is None else canonical_json(asdict(job.error)),
    }


def _job(row: sa.Row[Any]) -> SpeechJob:
    caller = json.loads(row.caller)
    caller |= {"lane": Lane(caller["lane"]), "rights": frozenset(caller["rights"])}
    return SpeechJob(
        id=row.id,
        caller=Caller(**caller),
        route=row.route,
        idempotency_key=row.idempotency_key,
        payload_digest=row.payload_digest,
        request=SpeechRequest(**json.loads(row.request)),
        format=row.format,
        sample_rate_hz=row.sample_rate_hz,
        status=JobStatus(row.status),
        attempt=row.attempt,
        deliveries=row.deliveries,
        silent=row.silent,
        created_at_s=row.created_at_s,
        expires_at_s=row.expires_at_s,
        due_at_s=row.due_at_s,
        started_at_s=row.started_at_s,
        completed_at_s=row.completed_at_s,
        output=None if row.output is None else JobOutput(**json.loads(row.output)),
        error=None if row.error is None else JobError(**json.loads(row.error)),
    )
