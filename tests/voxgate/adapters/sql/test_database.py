"""The ledger's file: what is wrong with it is one typed sentence, and nothing is made elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.spoiled_databases import as_folder, damage, write_prose
from voxgate import sqlite_file
from voxgate.adapters.sql.database import open_database
from voxgate.adapters.sql.ledger import SqlLedger
from voxgate.errors import (
    ExternalServiceError,
    LedgerError,
    LedgerSchemaError,
    StorageError,
    VoxgateError,
)
from voxgate.settings import Settings
from voxgate.stage import Workspace


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    open_database(Settings(), tmp_path)
    return Workspace(tmp_path).ledger_file


def dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("gone") / "ledger.db")


@pytest.mark.parametrize("spoil", [damage, write_prose, as_folder, dangling_link])
def test_a_file_that_cannot_be_used_is_named_with_a_remedy(
    ledger: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(ledger)
    with pytest.raises(
        LedgerError, match=r"ledger: \S*ledger\.db.*nothing is decided.*backup"
    ) as e:
        open_database(Settings(), ledger.parents[2])
    assert "\n" not in str(e.value)


def test_damage_that_is_met_later_is_named_too(ledger: Path) -> None:
    database = open_database(Settings(), ledger.parents[2])
    damage(ledger)
    with pytest.raises(LedgerError, match="backup"):
        SqlLedger(database).rows()


def test_a_locked_ledger_is_worth_another_try(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0.1)
    with (
        closing(sqlite3.connect(ledger, isolation_level=None)) as other,
        pytest.raises(ExternalServiceError, match="locked by another process") as caught,
    ):
        other.execute("BEGIN EXCLUSIVE")
        open_database(Settings(), ledger.parents[2])
    assert "VOXGATE_LEDGER_URL" not in str(caught.value)


def test_a_ledger_of_a_newer_schema_is_left_alone(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("INSERT INTO ledger_schema VALUES (999)")
        connection.commit()
    before = ledger.read_bytes()
    with pytest.raises(LedgerSchemaError, match="schema 999"):
        open_database(Settings(), ledger.parents[2])
    assert ledger.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / ".voxgate").touch()
    with pytest.raises(StorageError, match=r"\.voxgate/ledger"):
        open_database(Settings(), tmp_path)


@pytest.mark.parametrize("name", ["a b", "a#b", "50%", "a%3fb", "a?b", "aé 日'b", '"', "{x}"])
def test_the_file_is_where_the_checkout_is_whatever_that_is_called(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    open_database(Settings(), tmp_path / name)
    assert Workspace(tmp_path / name).ledger_file.is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_every_fault_is_one_of_ours(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("DROP TABLE ledger_schema")
        connection.commit()
    with pytest.raises(VoxgateError):
        open_database(Settings(), ledger.parents[2])


def test_a_full_disk_is_a_storage_error_that_names_the_file(ledger: Path) -> None:
    database = open_database(Settings(), ledger.parents[2])
    with (
        pytest.raises(StorageError, match=r"ledger\.db: database or disk is full.*[Ff]ree space"),
        database.writing() as connection,
    ):
        # SQLite itself answers as on a full disk when it must not take another page.
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.exec_driver_sql("CREATE TABLE more AS SELECT randomblob(1000000)")
