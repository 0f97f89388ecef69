"""Is a SQLite file fit to be opened? Libraries answer with tracebacks, or wait for minutes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PATIENCE_S", "SqliteFault", "examine_sqlite"]

PATIENCE_S = 5.0
"""For how long a lock of another process is waited for."""


@dataclass(frozen=True)
class SqliteFault:
    """What is wrong with a file, path included. `busy`: only somebody else's lock."""

    problem: str
    busy: bool = False


def examine_sqlite(path: Path, *, thorough: bool = False) -> SqliteFault | None:
    """Look at a SQLite file without changing what it says; None when it is sound or absent.

    `thorough` looks at every page (about a second for 100 MB), else at the schema alone.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return SqliteFault(f"{path} cannot be read: {error.strerror}")
    if not path.is_file():
        return SqliteFault(f"{path} is no file, a SQLite database is expected there")
    look = "PRAGMA quick_check(1)" if thorough else "SELECT count(*), 'ok' FROM sqlite_master"
    try:
        # mode=rw: nothing is made, and what a killed writer left may be rolled back.
        address = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_S)) as connection:
            verdict = str(connection.execute(look).fetchone()[-1])
    except sqlite3.Error as error:
        return _fault(path, error)
    return None if verdict == "ok" else SqliteFault(f"{path} is damaged: {verdict}")


def _fault(path: Path, error: sqlite3.Error) -> SqliteFault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        waited = f"after {PATIENCE_S:g} s"
        return SqliteFault(f"{path} is locked by another process still {waited}", busy=True)
    if code == sqlite3.SQLITE_NOTADB:
        return SqliteFault(f"{path}: {error}, or its beginning is damaged")
    if code == sqlite3.SQLITE_CORRUPT:
        return SqliteFault(f"{path} is damaged: {error}")
    return SqliteFault(f"{path} cannot be opened: {error}")
