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

from voxgate.adapters.sql.append_only import postgres_triggers, sqlite_triggers
from voxgate.adapters.sql.campaign_schema import COUNT_DEATHS, CREATE_CAMPAIGNS
from voxgate.adapters.sql.speech_audit_schema import CREATE_SPEECH_AUDIT
from voxgate.adapters.sql.speech_schema import (
    ADD_JOB_SAMPLE_RATE,
    COUNT_ATTEMPTS_AND_STATES,
    CREATE_API_KEYS,
    CREATE_ASSET_FETCHES,
    CREATE_PRESETS,
    CREATE_SPEAKER_EVENTS,
    CREATE_SPEECH_JOBS,
    CREATE_TRIALS,
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
MIGRATIONS: tuple[dict[str, Sequence[str]], ...] = (
    {
        "sqlite": (_CREATE_EVENTS, _INDEX_EVENTS, *sqlite_triggers("release_events")),
        "postgresql": (_CREATE_EVENTS, _INDEX_EVENTS, *postgres_triggers("release_events")),
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
    CREATE_PRESETS,
    CREATE_API_KEYS,
    CREATE_SPEAKER_EVENTS,
    CREATE_SPEECH_JOBS,
    ADD_JOB_SAMPLE_RATE,
    CREATE_TRIALS,
    CREATE_ASSET_FETCHES,
    CREATE_CAMPAIGNS,
    COUNT_ATTEMPTS_AND_STATES,
    COUNT_DEATHS,
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
