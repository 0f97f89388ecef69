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

from voxgate.adapters.sql.speech_audit_schema import CREATE_SPEECH_AUDIT
from voxgate.errors import LedgerSchemaError

__all__ = [
    "ALARMS",
    "API_KEYS",
    "CHANNELS",
    "DELIVERIES",
    "EVENTS",
    "FENCES",
    "LEASES",
    "MIGRATIONS",
    "PRESETS",
    "SPEAKER_EVENTS",
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

PRESETS = Table(
    "speaking_presets",
    _METADATA,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""An installation's own presets; `document` is canonical JSON and `digest` its sha256."""

API_KEYS = Table(
    "api_keys",
    _METADATA,
    Column("key_id", Text, primary_key=True),
    Column("secret_sha256", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("key_class", Text, nullable=False),
    Column("rights", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("concurrency", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text),
    Column("revoked_at", Text),
)
"""Who may ask the speech service; times are ISO 8601 in UTC."""

SPEAKER_EVENTS = Table(
    "speaker_events",
    _METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("profile", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
"""A chain of its own; all profiles share it."""

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

_CREATE_API_KEYS = """
CREATE TABLE api_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    key_class TEXT NOT NULL,
    rights TEXT NOT NULL,
    purpose TEXT NOT NULL,
    per_minute INTEGER NOT NULL CHECK (per_minute > 0),
    concurrency INTEGER NOT NULL CHECK (concurrency > 0),
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
)"""

_CREATE_SPEAKER_EVENTS = """
CREATE TABLE speaker_events (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence > 0),
    profile TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    facts TEXT NOT NULL,
    previous TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE
)"""


_CHAIN_TAKEN = "sequence = NEW.sequence OR previous = NEW.previous OR digest = NEW.digest"
_PRESET_TAKEN = "name = NEW.name AND version = NEW.version"


def _sqlite_triggers(table: str, *, taken: str = _CHAIN_TAKEN) -> tuple[str, ...]:
    def trigger(name: str, when: str) -> str:
        return f"""
CREATE TRIGGER {table}_{name} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

    # INSERT OR REPLACE deletes without firing a DELETE trigger, hence the third one.
    return (
        trigger("no_update", f"BEFORE UPDATE ON {table}"),
        trigger("no_delete", f"BEFORE DELETE ON {table}"),
        trigger(
            "no_replace",
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} "  # noqa: S608 -- ours
            f"WHERE {taken})",
        ),
    )


def _postgres_triggers(table: str) -> tuple[str, ...]:
    return (
        f"""
CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
        f"""
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    )


_CREATE_PRESETS = """
CREATE TABLE speaking_presets (
    name TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    document TEXT NOT NULL,
    digest TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (name, version)
)"""

MIGRATIONS: tuple[dict[str, Sequence[str]], ...] = (
    {
        "sqlite": (_CREATE_EVENTS, _INDEX_EVENTS, *_sqlite_triggers("release_events")),
        "postgresql": (_CREATE_EVENTS, _INDEX_EVENTS, *_postgres_triggers("release_events")),
    },
    {"sqlite": (_CREATE_FENCES,), "postgresql": (_CREATE_FENCES,)},
    # Events of the kind `voted`: no other table, but an older voxgate cannot read them.
    {"sqlite": (), "postgresql": ()},
    {"sqlite": (_CREATE_LEASES,), "postgresql": (_CREATE_LEASES,)},
    {"sqlite": _CREATE_OUTBOX, "postgresql": _CREATE_OUTBOX},
    # Events of the kinds `looked`, `measured`, `trade_signed` and `trade_revoked`: no other table,
    # but an older voxgate cannot read them.
    {"sqlite": (), "postgresql": ()},
    CREATE_SPEECH_AUDIT,
    {
        "sqlite": (_CREATE_PRESETS, *_sqlite_triggers("speaking_presets", taken=_PRESET_TAKEN)),
        "postgresql": (_CREATE_PRESETS, *_postgres_triggers("speaking_presets")),
    },
    {"sqlite": (_CREATE_API_KEYS,), "postgresql": (_CREATE_API_KEYS,)},
    {
        "sqlite": (_CREATE_SPEAKER_EVENTS, *_sqlite_triggers("speaker_events")),
        "postgresql": (_CREATE_SPEAKER_EVENTS, *_postgres_triggers("speaker_events")),
    },
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
