from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.spoiled_databases import DAMAGED
from voxgate import sqlite_file
from voxgate.sqlite_file import examine_sqlite


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a b#%3f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,) for _ in range(200)])
        connection.commit()
    return path


@pytest.mark.parametrize("thorough", [True, False])
def test_nothing_is_wrong_with_a_sound_an_empty_and_an_absent_file(
    database: Path, tmp_path: Path, thorough: bool
) -> None:
    (tmp_path / "empty.db").touch()
    for path in (database, tmp_path / "empty.db", tmp_path / "absent" / "a.db"):
        assert examine_sqlite(path, thorough=thorough) is None
    assert not (tmp_path / "absent").exists()


@pytest.mark.parametrize("content", [DAMAGED, b"no database " * 99])
def test_what_is_no_database_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    fault = examine_sqlite(tmp_path / "a.db")
    assert fault is not None
    assert not fault.busy
    assert str(tmp_path / "a.db") in fault.problem


def test_a_folder_in_its_place_is_a_fault(tmp_path: Path) -> None:
    fault = examine_sqlite(tmp_path)
    assert fault is not None
    assert "is no file" in fault.problem


def test_damage_in_the_middle_is_found_by_a_thorough_look(database: Path) -> None:
    with database.open("r+b") as stream:
        stream.seek(3 * 4096)
        stream.write(b"\xff" * 4096)
    assert examine_sqlite(database) is None
    fault = examine_sqlite(database, thorough=True)
    assert fault is not None
    assert "damaged" in fault.problem


def test_a_file_that_another_process_keeps_locked_is_busy(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "PATIENCE_S", 0.1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        fault = examine_sqlite(database)
    assert fault is not None
    assert fault.busy
    assert "locked" in fault.problem


def test_what_a_killed_writer_left_is_rolled_back(database: Path, tmp_path: Path) -> None:
    # A copy of a database in the middle of a transaction, with its journal, is what a kill leaves.
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE t SET x = 'y'")
        for end in ("", "-journal"):
            Path(f"{copy}{end}").write_bytes(Path(f"{database}{end}").read_bytes())
    assert examine_sqlite(copy, thorough=True) is None
