"""The ledger's tables, as an ordered list of migrations; both databases refuse to change a row."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    inspect,
    text,
)

from voxgate.errors import LedgerSchemaError

__all__ = [
    "ALARMS",
    "CHANNELS",
    "DELIVERIES",
    "EVENTS",
    "FENCES",
    "LEASES",
    "MIGRATIONS",
    "SPEECH_JOBS",
    "migrate",
    "schema_version",
]

_METADATA = MetaData()

EVENTS = Table(
    "release_events",
    _METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("model", Text, nullable=False),
    Column("version", Integer),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

FENCES = Table(
    "release_fences",
    _METADATA,
    Column("model", Text, primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
)

LEASES = Table(
    "ledger_leases",
    _METADATA,
    Column("name", Text, primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("since_s", Double, nullable=False),
    Column("until_s", Double, nullable=False),
)
"""Times are seconds since 1970 by the database's clock, here and below."""

ALARMS = Table(
    "outbox_alarms",
    _METADATA,
    Column("key", Text, primary_key=True),
    Column("at_s", Double, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""Notices that no event of the ledger causes."""

CHANNELS = Table(
    "outbox_channels",
    _METADATA,
    Column("channel", Text, primary_key=True),
    Column("since_s", Double, nullable=False),
)
"""From when on a channel is told."""

DELIVERIES = Table(
    "outbox_deliveries",
    _METADATA,
    Column("channel", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at_s", Double, nullable=False),
    Column("delivered_at_s", Double),
    Column("error", Text, nullable=False),
)
"""What became of a notice on a channel; no row before the first attempt."""

SPEECH_JOBS = Table(
    "speech_jobs",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Column("caller", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("expires_at_s", Double, nullable=False),
    Column("due_at_s", Double),
    Column("sent_at_s", Double, nullable=False),
    Column("started_at_s", Double),
    Column("completed_at_s", Double),
    Column("output", Text),
    Column("error", Text),
)
"""Jobs of the speech service. `urgency` 0 comes first; `due_at_s` is NULL when a job has ended."""

_CREATE_EVENTS = """
CREATE TABLE release_events (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence > 0),
    model TEXT NOT NULL,
    version INTEGER,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    facts TEXT NOT NULL,
    previous TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE
)"""
_INDEX_EVENTS = "CREATE INDEX release_events_by_model ON release_events (model, sequence)"
_CREATE_FENCES = """
CREATE TABLE release_fences (
    model TEXT NOT NULL PRIMARY KEY,
    token BIGINT NOT NULL,
    holder TEXT NOT NULL
)"""
_CREATE_LEASES = """
CREATE TABLE ledger_leases (
    name TEXT NOT NULL PRIMARY KEY,
    token BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    since_s DOUBLE PRECISION NOT NULL,
    until_s DOUBLE PRECISION NOT NULL
)"""
_CREATE_OUTBOX = (
    """
CREATE TABLE outbox_alarms (
    key TEXT NOT NULL PRIMARY KEY,
    at_s DOUBLE PRECISION NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL
)""",
    """
CREATE TABLE outbox_channels (
    channel TEXT NOT NULL PRIMARY KEY,
    since_s DOUBLE PRECISION NOT NULL
)""",
    """
CREATE TABLE outbox_deliveries (
    channel TEXT NOT NULL,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at_s DOUBLE PRECISION NOT NULL,
    delivered_at_s DOUBLE PRECISION,
    error TEXT NOT NULL,
    PRIMARY KEY (channel, key)
)""",
)
_CREATE_SPEECH_JOBS = (
    """
CREATE TABLE speech_jobs (
    id TEXT NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    payload_digest TEXT NOT NULL,
    caller TEXT NOT NULL,
    request TEXT NOT NULL,
    format TEXT NOT NULL,
    urgency INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    created_at_s DOUBLE PRECISION NOT NULL,
    expires_at_s DOUBLE PRECISION NOT NULL,
    due_at_s DOUBLE PRECISION,
    sent_at_s DOUBLE PRECISION NOT NULL,
    started_at_s DOUBLE PRECISION,
    completed_at_s DOUBLE PRECISION,
    output TEXT,
    error TEXT,
    UNIQUE (key_id, route, idempotency_key)
)""",
    """
CREATE INDEX speech_jobs_open ON speech_jobs (urgency, created_at_s, id)
WHERE due_at_s IS NOT NULL""",
    "CREATE INDEX speech_jobs_by_time ON speech_jobs (created_at_s, id)",
)


def _sqlite_trigger(name: str, when: str) -> str:
    return f"""
CREATE TRIGGER release_events_{name} {when}
BEGIN SELECT RAISE(ABORT, 'release_events is append-only'); END"""


# INSERT OR REPLACE deletes without firing a DELETE trigger, hence the third one.
_SQLITE_TRIGGERS = (
    _sqlite_trigger("no_update", "BEFORE UPDATE ON release_events"),
    _sqlite_trigger("no_delete", "BEFORE DELETE ON release_events"),
    _sqlite_trigger(
        "no_replace",
        "BEFORE INSERT ON release_events WHEN EXISTS (SELECT 1 FROM release_events "
        "WHERE sequence = NEW.sequence OR previous = NEW.previous OR digest = NEW.digest)",
    ),
)
_POSTGRES_TRIGGERS = (
    """
CREATE FUNCTION release_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'release_events is append-only'; END $$""",
    """
CREATE TRIGGER release_events_no_change BEFORE UPDATE OR DELETE ON release_events
FOR EACH ROW EXECUTE FUNCTION release_events_refuse()""",
    """
CREATE TRIGGER release_events_no_truncate BEFORE TRUNCATE ON release_events
FOR EACH STATEMENT EXECUTE FUNCTION release_events_refuse()""",
)

MIGRATIONS: tuple[dict[str, Sequence[str]], ...] = (
    {
        "sqlite": (_CREATE_EVENTS, _INDEX_EVENTS, *_SQLITE_TRIGGERS),
        "postgresql": (_CREATE_EVENTS, _INDEX_EVENTS, *_POSTGRES_TRIGGERS),
    },
    {"sqlite": (_CREATE_FENCES,), "postgresql": (_CREATE_FENCES,)},
    # Events of the kind `voted`: no other table, but an older voxgate cannot read them.
    {"sqlite": (), "postgresql": ()},
    {"sqlite": (_CREATE_LEASES,), "postgresql": (_CREATE_LEASES,)},
    {"sqlite": _CREATE_OUTBOX, "postgresql": _CREATE_OUTBOX},
    # Events of the kinds `looked`, `measured`, `trade_signed` and `trade_revoked`: no other table,
    # but an older voxgate cannot read them.
    {"sqlite": (), "postgresql": ()},
    {"sqlite": _CREATE_SPEECH_JOBS, "postgresql": _CREATE_SPEECH_JOBS},
)
"""Migration n leads from schema n to n + 1. A released one is never edited, only followed."""


def schema_version(connection: Connection) -> int:
    """Return the schema of this database; 0 when it is empty.

    Raises:
        LedgerSchemaError: it is newer than this version of voxgate.
    """
    if not inspect(connection).has_table("ledger_schema"):
        return 0
    found = connection.execute(text("SELECT max(version) FROM ledger_schema")).scalar_one() or 0
    if found > len(MIGRATIONS):
        raise LedgerSchemaError(
            f"the ledger has schema {found}, this voxgate knows {len(MIGRATIONS)}; update voxgate "
            "on this machine. Nothing was read or changed."
        )
    return int(found)


def migrate(connection: Connection) -> None:
    """Bring the database to the newest schema, inside the caller's writing transaction."""
    found = schema_version(connection)
    if found == 0:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS ledger_schema (version INTEGER NOT NULL PRIMARY KEY)")
        )
    for version, statements in enumerate(MIGRATIONS[found:], start=found + 1):
        for statement in statements[connection.dialect.name]:
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO ledger_schema (version) VALUES (:version)"), {"version": version}
        )
