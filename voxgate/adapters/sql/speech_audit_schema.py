"""The tables of the speech audit; both databases refuse to change or remove a row."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

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


def _sqlite_triggers(table: str, same_row: str) -> Sequence[str]:
    """Refuse a change; INSERT OR REPLACE deletes without firing a DELETE trigger."""
    events = {
        "update": f"BEFORE UPDATE ON {table}",
        "delete": f"BEFORE DELETE ON {table}",
        "replace": (
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_row})"  # noqa: S608  # names of our own
        ),
    }
    return [
        f"CREATE TRIGGER {table}_no_{name} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for name, when in events.items()
    ]


def _postgres_triggers(table: str) -> Sequence[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION speech_audit_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION speech_audit_refuse()",
    ]


_REFUSE = """
CREATE FUNCTION speech_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""

CREATE_SPEECH_AUDIT: dict[str, Sequence[str]] = {
    "sqlite": (
        *_CREATE,
        *_sqlite_triggers(
            BATCHES.name,
            "sequence = NEW.sequence OR batch_id = NEW.batch_id OR previous = NEW.previous "
            "OR digest = NEW.digest",
        ),
        *_sqlite_triggers(RECORDS.name, "batch = NEW.batch AND number = NEW.number"),
    ),
    "postgresql": (
        *_CREATE,
        _REFUSE,
        *_postgres_triggers(BATCHES.name),
        *_postgres_triggers(RECORDS.name),
    ),
}
"""One migration (`schema.MIGRATIONS`)."""
