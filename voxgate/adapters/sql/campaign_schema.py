"""Tables of campaigns, with the migration that makes them (`schema.MIGRATIONS`).

Within a campaign recipients, sentences and renders are numbered from 1: a sentence that fifty
thousand renders need is named fifty thousand times, and a number is smaller than a digest. Flags
are 0 or 1, times seconds since 1970 by the database's clock, and what has no column is JSON.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, Table, Text

from voxgate.adapters.sql.append_only import postgres_triggers, sqlite_triggers

__all__ = [
    "CAMPAIGNS",
    "CAMPAIGN_EVENTS",
    "CELLS",
    "CREATE_CAMPAIGNS",
    "PARTS",
    "RECIPIENTS",
    "RENDERS",
    "ROWS",
    "SENTENCES",
    "SHARES",
    "SPOKEN",
    "UPLOADS",
]

_METADATA = MetaData()

CAMPAIGNS = Table(
    "campaigns",
    _METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("spec_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("pinned", Text),
    Column("created_at_s", Double, nullable=False),
    Column("planned_at_s", Double),
    Column("started_at_s", Double),
    Column("completed_at_s", Double),
)

SHARES = Table(
    "campaign_shares",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True, autoincrement=False),
    Column("weight", Double, nullable=False),
    Column("taken", Double, nullable=False),
)
"""What a campaign had of the workers, divided by its weight; the least comes next."""

UPLOADS = Table(
    "campaign_uploads",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("accepted", BigInteger, nullable=False),
    Column("known", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("complete", Integer, nullable=False),
)
"""How its rows came out, so that nobody has to count them after each batch."""

ROWS = Table(
    "campaign_rows",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("upload", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("ordinal", BigInteger),
    Column("recipient_id", Text),
    Column("fault", Text),
)
"""What became of each row: accepted, known, or rejected, which alone has an ordinal and a fault."""

RECIPIENTS = Table(
    "campaign_recipients",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("recipient_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("templates", Text, nullable=False),
    Column("template_count", Integer, nullable=False),
    Column("slots", Text),
)
"""`slots` is NULL and `digest` empty once the recipient was erased."""

CELLS = Table(
    "campaign_cells",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("template", Text, primary_key=True),
    Column("render", BigInteger),
    Column("fault", Text),
    Column("proof", Integer, nullable=False),
    Column("erased", Integer, nullable=False),
)
"""`number` is the recipient's."""

SENTENCES = Table(
    "campaign_sentences",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("key", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cells", BigInteger, nullable=False),
    Column("proof", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("due_at_s", Double),
    Column("worker", Text),
    Column("spoken_at_s", Double),
    Column("result", Text),
    Column("fault", Text),
)
"""`due_at_s` is NULL when it has ended; `found` says that an earlier campaign spoke it."""

RENDERS = Table(
    "campaign_renders",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("key", Text, nullable=False),
    Column("asset_id", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cells", BigInteger, nullable=False),
    Column("pending", Integer, nullable=False),
    Column("proof", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("due_at_s", Double),
    Column("worker", Text),
    Column("started_at_s", Double),
    Column("completed_at_s", Double),
    Column("output", Text),
    Column("fault", Text),
    Column("recalled_at_s", Double),
    Column("recall_reason", Text),
    Column("removed", Integer, nullable=False),
)
"""`pending` counts its distinct sentences that have not passed; at 0 it may be made."""

PARTS = Table(
    "campaign_parts",
    _METADATA,
    Column("campaign", BigInteger, primary_key=True),
    Column("render", BigInteger, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("sentence", BigInteger, nullable=False),
)

SPOKEN = Table(
    "spoken_sentences",
    _METADATA,
    Column("key", Text, primary_key=True),
    Column("scope", BigInteger, primary_key=True),
    Column("campaign", BigInteger, nullable=False),
    Column("asset_id", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("recalled_at_s", Double),
    Column("recall_reason", Text),
    Column("repeatable", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)
"""What was spoken, for all campaigns, by the campaign that did it first.

`scope` is 0, or the campaign that alone may use it (its fallback was spoken instead). One that was
recalled stays; where it is not `repeatable` nobody may speak it again.
"""

CAMPAIGN_EVENTS = Table(
    "campaign_events",
    _METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("campaign", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
"""A chain of its own; all campaigns share it."""

_CREATE_PARTS = """
CREATE TABLE campaign_parts (
    campaign BIGINT NOT NULL,
    render BIGINT NOT NULL,
    place INTEGER NOT NULL,
    sentence BIGINT NOT NULL,
    PRIMARY KEY (campaign, render, place)
)"""

_CREATE = (
    """
CREATE TABLE campaigns (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    spec TEXT NOT NULL,
    spec_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    why TEXT NOT NULL,
    pinned TEXT,
    created_at_s DOUBLE PRECISION NOT NULL,
    planned_at_s DOUBLE PRECISION,
    started_at_s DOUBLE PRECISION,
    completed_at_s DOUBLE PRECISION
)""",
    """
CREATE TABLE campaign_shares (
    campaign BIGINT NOT NULL PRIMARY KEY,
    weight DOUBLE PRECISION NOT NULL CHECK (weight > 0),
    taken DOUBLE PRECISION NOT NULL
)""",
    """
CREATE TABLE campaign_uploads (
    campaign BIGINT NOT NULL,
    name TEXT NOT NULL,
    accepted BIGINT NOT NULL,
    known BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    complete INTEGER NOT NULL,
    PRIMARY KEY (campaign, name)
)""",
    """
CREATE TABLE campaign_rows (
    campaign BIGINT NOT NULL,
    upload TEXT NOT NULL,
    number BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    ordinal BIGINT,
    recipient_id TEXT,
    fault TEXT,
    PRIMARY KEY (campaign, upload, number)
)""",
    """
CREATE UNIQUE INDEX campaign_rows_rejected ON campaign_rows (campaign, ordinal)
WHERE ordinal IS NOT NULL""",
    """
CREATE TABLE campaign_recipients (
    campaign BIGINT NOT NULL,
    number BIGINT NOT NULL,
    recipient_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    templates TEXT NOT NULL,
    template_count INTEGER NOT NULL,
    slots TEXT,
    PRIMARY KEY (campaign, number),
    UNIQUE (recipient_id, campaign)
)""",
    """
CREATE TABLE campaign_cells (
    campaign BIGINT NOT NULL,
    number BIGINT NOT NULL,
    template TEXT NOT NULL,
    render BIGINT,
    fault TEXT,
    proof INTEGER NOT NULL,
    erased INTEGER NOT NULL,
    PRIMARY KEY (campaign, number, template)
)""",
    """
CREATE TABLE campaign_sentences (
    campaign BIGINT NOT NULL,
    number BIGINT NOT NULL,
    key TEXT NOT NULL,
    place INTEGER NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    cells BIGINT NOT NULL,
    proof INTEGER NOT NULL,
    found INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    due_at_s DOUBLE PRECISION,
    worker TEXT,
    spoken_at_s DOUBLE PRECISION,
    result TEXT,
    fault TEXT,
    PRIMARY KEY (campaign, number),
    UNIQUE (key, campaign)
)""",
    """
CREATE INDEX campaign_sentences_open
ON campaign_sentences (campaign, proof DESC, cells DESC, number) WHERE due_at_s IS NOT NULL""",
    """
CREATE INDEX campaign_sentences_spoken
ON campaign_sentences (campaign, spoken_at_s, number) WHERE spoken_at_s IS NOT NULL""",
    """
CREATE TABLE campaign_renders (
    campaign BIGINT NOT NULL,
    number BIGINT NOT NULL,
    key TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    template TEXT NOT NULL,
    state TEXT NOT NULL,
    cells BIGINT NOT NULL,
    pending INTEGER NOT NULL CHECK (pending >= 0),
    proof INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    due_at_s DOUBLE PRECISION,
    worker TEXT,
    started_at_s DOUBLE PRECISION,
    completed_at_s DOUBLE PRECISION,
    output TEXT,
    fault TEXT,
    recalled_at_s DOUBLE PRECISION,
    recall_reason TEXT,
    removed INTEGER NOT NULL,
    PRIMARY KEY (campaign, number),
    UNIQUE (key, campaign)
)""",
    """
CREATE INDEX campaign_renders_ready ON campaign_renders (campaign, proof DESC, number)
WHERE due_at_s IS NOT NULL AND pending = 0""",
    """
CREATE INDEX campaign_renders_open ON campaign_renders (campaign, proof)
WHERE due_at_s IS NOT NULL""",
    "CREATE INDEX campaign_renders_by_asset ON campaign_renders (asset_id)",
    """
CREATE INDEX campaign_renders_recalled ON campaign_renders (asset_id)
WHERE recalled_at_s IS NOT NULL AND removed = 0""",
    """
CREATE TABLE spoken_sentences (
    key TEXT NOT NULL,
    scope BIGINT NOT NULL,
    campaign BIGINT NOT NULL,
    asset_id TEXT NOT NULL,
    result TEXT NOT NULL,
    recalled_at_s DOUBLE PRECISION,
    recall_reason TEXT,
    repeatable INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    PRIMARY KEY (key, scope)
)""",
    "CREATE INDEX spoken_sentences_by_asset ON spoken_sentences (asset_id)",
    "CREATE INDEX spoken_sentences_by_campaign ON spoken_sentences (campaign)",
    """
CREATE INDEX spoken_sentences_recalled ON spoken_sentences (asset_id)
WHERE recalled_at_s IS NOT NULL AND removed = 0""",
    """
CREATE TABLE campaign_events (
    sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence > 0),
    campaign TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    facts TEXT NOT NULL,
    previous TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE
)""",
    "CREATE INDEX campaign_events_by_campaign ON campaign_events (campaign, sequence)",
)
_INDEX_PARTS = (
    "CREATE INDEX campaign_parts_by_sentence ON campaign_parts (campaign, sentence, render)"
)
_INDEX_CELLS = "CREATE INDEX campaign_cells_by_render ON campaign_cells (campaign, render)"

CREATE_CAMPAIGNS: dict[str, Sequence[str]] = {
    "sqlite": (
        *_CREATE,
        f"{_CREATE_PARTS} WITHOUT ROWID",
        _INDEX_PARTS,
        _INDEX_CELLS,
        *sqlite_triggers(CAMPAIGN_EVENTS.name),
    ),
    "postgresql": (
        *_CREATE,
        _CREATE_PARTS,
        _INDEX_PARTS,
        _INDEX_CELLS,
        *postgres_triggers(CAMPAIGN_EVENTS.name),
    ),
}
"""One migration (`schema.MIGRATIONS`)."""

_COUNT_DEATHS = tuple(
    f"ALTER TABLE {table.name} ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0"
    for table in (SENTENCES, RENDERS)
)
COUNT_DEATHS: dict[str, Sequence[str]] = {"sqlite": _COUNT_DEATHS, "postgresql": _COUNT_DEATHS}
"""The migration after: of the workers that died with a row, how many were seen to."""
