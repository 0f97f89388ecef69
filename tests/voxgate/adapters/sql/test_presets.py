"""An installation's presets in both databases: added once, never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.presets import SqlPresets
from voxgate.adapters.sql.speech_schema import PRESETS
from voxgate.errors import ConfigError, LedgerError, LedgerTamperedError, VoxgateError
from voxgate.files import digest_bytes
from voxgate.settings import Settings
from voxgate.speaking.presets import SpeakingPreset

CLINIC = SpeakingPreset(name="clinic", version=1, seed=3, loudness_lufs=-20.5)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def database(ledger_url: str) -> Database:
    return open_database(Settings(ledger_url=SecretStr(ledger_url)), Path())


def table(database: Database) -> SqlPresets:
    return SqlPresets(database, clock=lambda: NOW)


def execute(database: Database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.text(statement))


def test_a_row_comes_back_as_it_was_added(database: Database) -> None:
    presets = table(database)
    assert presets.rows() == ()
    assert presets.add(CLINIC, actor="anna")
    newer = CLINIC.model_copy(update={"version": 2, "seed": 4})
    assert presets.add(newer, actor="bob")
    assert table(database).rows() == (CLINIC, newer)
    with database.reading() as connection:
        row = connection.execute(sa.select(PRESETS)).first()
    assert row is not None
    assert (row.digest, row.actor, row.at) == (CLINIC.digest, "anna", NOW.isoformat())


def test_the_same_again_is_no_event_and_other_content_is_refused(database: Database) -> None:
    presets = table(database)
    presets.add(CLINIC, actor="anna")
    assert not presets.add(CLINIC, actor="bob")
    with pytest.raises(ConfigError, match="clinic@1: it is there with other values of seed"):
        presets.add(CLINIC.model_copy(update={"seed": 9}), actor="bob")
    assert presets.rows() == (CLINIC,)


def test_of_many_who_add_at_once_one_does(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda n: table(database).add(CLINIC, actor=f"a{n}"), range(8)))
    assert added.count(True) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE speaking_presets SET actor = 'mallory'",
        "DELETE FROM speaking_presets",
        "INSERT INTO speaking_presets VALUES ('clinic', 1, '{}', '', 'mallory', '')",
    ],
)
def test_the_database_refuses_to_change_a_row(database: Database, statement: str) -> None:
    table(database).add(CLINIC, actor="anna")
    with pytest.raises(VoxgateError):
        execute(database, statement)
    assert table(database).rows() == (CLINIC,)


def test_replacing_a_row_is_refused_too(tmp_path: Path) -> None:
    database = open_database(Settings(), tmp_path)
    table(database).add(CLINIC, actor="anna")
    with pytest.raises(LedgerError, match="append-only"):
        execute(
            database,
            "INSERT OR REPLACE INTO speaking_presets VALUES ('clinic', 1, '{}', '', 'm', '')",
        )
    assert table(database).rows() == (CLINIC,)


@pytest.mark.parametrize("change", ["document = replace(document, '3', '4')", "name = 'other'"])
def test_a_row_that_was_altered_behind_the_triggers_is_found(tmp_path: Path, change: str) -> None:
    database = open_database(Settings(), tmp_path)
    table(database).add(CLINIC, actor="anna")
    execute(database, "DROP TRIGGER speaking_presets_no_update")
    execute(database, f"UPDATE speaking_presets SET {change}")
    with pytest.raises(LedgerTamperedError, match="not what was added"):
        table(database).rows()


def test_a_row_that_this_voxgate_cannot_read_is_named(tmp_path: Path) -> None:
    database = open_database(Settings(), tmp_path)
    document = '{"name":"clinic","new_field":1,"version":1}'
    digest = digest_bytes(document.encode())
    with database.writing() as connection:
        connection.execute(
            sa.insert(PRESETS).values(
                name="clinic", version=1, document=document, digest=digest, actor="a", at="t"
            )
        )
    with pytest.raises(LedgerTamperedError, match=r"or update voxgate.*new_field"):
        table(database).rows()
