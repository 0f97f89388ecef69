"""Tables of the speech service, each with the migration that makes it (`schema.MIGRATIONS`)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, Table, Text

from voxgate.adapters.sql.append_only import postgres_triggers, sqlite_triggers

__all__ = [
    "ADD_JOB_SAMPLE_RATE",
    "API_KEYS",
    "ASSET_FETCHES",
    "COUNT_ATTEMPTS_AND_STATES",
    "CREATE_API_KEYS",
    "CREATE_ASSET_FETCHES",
    "CREATE_PRESETS",
    "CREATE_SPEAKER_EVENTS",
    "CREATE_SPEECH_JOBS",
    "CREATE_TRIALS",
    "PRESETS",
    "SPEAKER_EVENTS",
    "SPEECH_JOBS",
    "TRIAL_TALLIES",
]

Migration = dict[str, Sequence[str]]

_METADATA = MetaData()

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
    Column("sample_rate_hz", Integer),
    Column("silent", Integer, nullable=False),
)
"""Jobs of the speech service. `urgency` 0 comes first; `due_at_s` is NULL when a job has ended."""

TRIAL_TALLIES = Table(
    "trial_tallies",
    _METADATA,
    Column("trial", BigInteger, primary_key=True, autoincrement=False),
    Column("share", Text, primary_key=True),
    Column("writer", Text, primary_key=True),
    Column("counts", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""Sums of trials. `trial` is the sequence of the event that started it, `counts` JSON."""

ASSET_FETCHES = Table(
    "asset_fetches",
    _METADATA,
    Column("asset_id", Text, primary_key=True),
    Column("first_at_s", Double, nullable=False),
    Column("last_at_s", Double, nullable=False),
    Column("times", BigInteger, nullable=False),
)
"""Which stored files were fetched; times are seconds since 1970 by the clock of who sent them."""

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

_CREATE_TRIAL_TALLIES = """
CREATE TABLE trial_tallies (
    trial BIGINT NOT NULL,
    share TEXT NOT NULL,
    writer TEXT NOT NULL,
    counts TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (trial, share, writer)
)"""

_CREATE_ASSET_FETCHES = """
CREATE TABLE asset_fetches (
    asset_id TEXT NOT NULL PRIMARY KEY,
    first_at_s DOUBLE PRECISION NOT NULL,
    last_at_s DOUBLE PRECISION NOT NULL,
    times BIGINT NOT NULL
)"""

CREATE_PRESETS: Migration = {
    "sqlite": (
        _CREATE_PRESETS,
        *sqlite_triggers("speaking_presets", taken="name = NEW.name AND version = NEW.version"),
    ),
    "postgresql": (_CREATE_PRESETS, *postgres_triggers("speaking_presets")),
}
CREATE_API_KEYS: Migration = {"sqlite": (_CREATE_API_KEYS,), "postgresql": (_CREATE_API_KEYS,)}
CREATE_SPEAKER_EVENTS: Migration = {
    "sqlite": (_CREATE_SPEAKER_EVENTS, *sqlite_triggers("speaker_events")),
    "postgresql": (_CREATE_SPEAKER_EVENTS, *postgres_triggers("speaker_events")),
}
CREATE_SPEECH_JOBS: Migration = {"sqlite": _CREATE_SPEECH_JOBS, "postgresql": _CREATE_SPEECH_JOBS}

_ADD_JOB_SAMPLE_RATE = ("ALTER TABLE speech_jobs ADD COLUMN sample_rate_hz INTEGER",)
ADD_JOB_SAMPLE_RATE: Migration = {
    "sqlite": _ADD_JOB_SAMPLE_RATE,
    "postgresql": _ADD_JOB_SAMPLE_RATE,
}
_COUNT_ATTEMPTS_AND_STATES = (
    "ALTER TABLE speech_jobs ADD COLUMN silent INTEGER NOT NULL DEFAULT 0",
    # An attempt was counted when it was taken; now it is when it has ended.
    "UPDATE speech_jobs SET deliveries = deliveries - 1 WHERE status = 'running'",
    # Rows are kept, and their texts are long: a count must not read them.
    "CREATE INDEX speech_jobs_by_status ON speech_jobs (status)",
)
COUNT_ATTEMPTS_AND_STATES: Migration = {
    "sqlite": _COUNT_ATTEMPTS_AND_STATES,
    "postgresql": _COUNT_ATTEMPTS_AND_STATES,
}
CREATE_TRIALS: Migration = {
    "sqlite": (_CREATE_TRIAL_TALLIES,),
    "postgresql": (_CREATE_TRIAL_TALLIES,),
}
"""It comes with events of the kinds `trial_started` and `trial_stopped`, which an older voxgate
cannot read."""
CREATE_ASSET_FETCHES: Migration = {
    "sqlite": (_CREATE_ASSET_FETCHES,),
    "postgresql": (_CREATE_ASSET_FETCHES,),
}
