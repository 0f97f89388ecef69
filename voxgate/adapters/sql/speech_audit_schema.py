"""The tables of the speech audit; both databases refuse to change or remove a row."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

from voxgate.adapters.sql.append_only import CHAIN_TAKEN, postgres_triggers, sqlite_triggers

__all__ = ["BATCHES", "CREATE_SPEECH_AUDIT", "RECORDS"]

_METADATA = MetaData()

BATCHES = Table(
    "speech_audit_batches",
    _METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("batch_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("records", Integer, nullable=False),
    Column("dropped", Integer, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
"""The chain: one row a batch."""

RECORDS = Table(
    "speech_audit_records",
    _METADATA,
    Column("batch", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("request_id", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("profile", Text),
    Column("started_at", Text, nullable=False),
    Column("content", Text, nullable=False),
)
"""What is sealed is `content`; the columns before it are copies to search by."""

_CREATE = (
    """
CREATE TABLE speech_audit_batches (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence > 0),
    batch_id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    records INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    content_digest TEXT NOT NULL,
    previous TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE
)""",
    """
CREATE TABLE speech_audit_records (
    batch BIGINT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    request_id TEXT NOT NULL,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    profile TEXT,
    started_at TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (batch, number)
)""",
    "CREATE INDEX speech_audit_by_request ON speech_audit_records (request_id)",
    "CREATE INDEX speech_audit_by_version ON speech_audit_records (model, version, started_at)",
    "CREATE INDEX speech_audit_by_profile ON speech_audit_records (profile, started_at)",
    "CREATE INDEX speech_audit_by_time ON speech_audit_records (started_at)",
)


CREATE_SPEECH_AUDIT: dict[str, Sequence[str]] = {
    "sqlite": (
        *_CREATE,
        *sqlite_triggers(BATCHES.name, taken=f"batch_id = NEW.batch_id OR {CHAIN_TAKEN}"),
        *sqlite_triggers(RECORDS.name, taken="batch = NEW.batch AND number = NEW.number"),
    ),
    "postgresql": (
        *_CREATE,
        *postgres_triggers(BATCHES.name),
        *postgres_triggers(RECORDS.name),
    ),
}
"""One migration (`schema.MIGRATIONS`)."""
