"""What a backup is made of: databases and trees of files, each able to be copied out and put back.

A store is named by its URL: `sqlite:///PATH`, `postgresql://USER@HOST/DATABASE`, `file:///PATH`,
`s3://BUCKET/PREFIX`. Parts that a URL leaves out come from PGHOST, PGUSER, PGPASSFILE and AWS_*.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

import sqlalchemy as sa

from voxgate.adapters.backup.trees import BucketTree, Content, FolderTree
from voxgate.errors import ConfigError, ExternalServiceError, StorageError
from voxgate.files import write_path
from voxgate.private_files import make_private_folder
from voxgate.redaction import redacted
from voxgate.temporaries import scratch_directory
from voxgate.tether import tethered

__all__ = ["PostgresDatabase", "SqliteDatabase", "Store", "open_store"]


class Store(Protocol):
    """Something that a backup can hold."""

    @property
    def kind(self) -> str:
        """`database:sqlite`, `database:postgresql` or `files`; a backup goes back into its kind."""
        ...

    @property
    def where(self) -> str:
        """The place, for messages; without a password."""
        ...

    def dump(self, folder: Path) -> None:
        """Write a consistent copy into an empty folder."""
        ...

    def is_empty(self) -> bool:
        """Say whether a restore would overwrite nothing."""
        ...

    def compare(self, folder: Path) -> Content:
        """Say what of the backup in `folder` the store holds."""
        ...

    def load(self, folder: Path) -> None:
        """Fill the store, which holds nothing or a part of it, from what `dump` wrote."""
        ...


def open_store(url: str) -> Store:
    """Return the store at a URL; touches nothing.

    Raises:
        ConfigError: the URL is of no kind that can be backed up.
    """
    scheme, found, rest = url.partition("://")
    if found and scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return PostgresDatabase(sa.make_url(url).set(drivername="postgresql"))
    if found and scheme in ("sqlite", "file") and rest.startswith("/"):
        # sqlite:///PATH has its path after the third slash, file:///PATH from the third slash on.
        if scheme == "sqlite":
            return SqliteDatabase(Path(rest.removeprefix("/")).absolute())
        return FolderTree(Path(unquote(rest)))  # a blank in it is %20
    if found and scheme == "s3" and rest.strip("/"):
        bucket, _, prefix = rest.partition("/")
        return BucketTree(bucket, prefix.strip("/"))
    raise ConfigError(
        "store", [f"expected sqlite:///…, postgresql://…, file:///… or s3://…, got {scheme}://…"]
    )


@dataclass(frozen=True)
class SqliteDatabase:
    """A SQLite file; it may be in use while it is dumped."""

    path: Path
    kind = "database:sqlite"

    @property
    def where(self) -> str:
        """Return the path."""
        return str(self.path)

    def dump(self, folder: Path) -> None:
        """Copy by SQLite's backup interface: the copy is one committed state."""
        with self._reporting("back up"):
            # mode=rw: opening must not make an empty database where there is none.
            source = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True)
            with closing(source), closing(sqlite3.connect(folder / "database.db")) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
                (verdict,) = target.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise StorageError(
                f"{self.path} is damaged, and so would be its backup: {verdict.splitlines()[0]}. "
                "Restore an earlier backup beside it and compare."
            )

    def is_empty(self) -> bool:
        """Say whether there is no such file, nor what a crashed process left beside it."""
        beside = [self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-journal"))]
        return not any(path.exists() for path in beside)

    def compare(self, folder: Path) -> Content:
        """Compare the bytes, then the rows: who only looks into a database changes its header."""
        if self.is_empty():
            return Content.NOTHING
        copy = folder / "database.db"
        with self._reporting("look into"):
            if not self.path.is_file():
                return Content.OTHER
            if filecmp.cmp(self.path, copy, shallow=False) or _rows(self.path) == _rows(copy):
                return Content.ALL
        return Content.OTHER

    def load(self, folder: Path) -> None:
        """Put the copy in place by renaming."""
        make_private_folder(self.path.parent)
        with self._reporting("restore"), write_path(self.path, mode=0o600) as temporary:
            shutil.copyfile(folder / "database.db", temporary)

    @contextmanager
    def _reporting(self, action: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"cannot {action} {self.path}: {error}") from error


@dataclass(frozen=True)
class PostgresDatabase:
    """A database on a PostgreSQL server, by the server's own tools."""

    url: sa.URL
    kind = "database:postgresql"

    @property
    def where(self) -> str:
        """Return the URL without its password."""
        return redacted(self.url.render_as_string(hide_password=True))

    def dump(self, folder: Path) -> None:
        """Dump in one transaction: the copy is one committed state."""
        file = folder / "database.dump"
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", file)

    def is_empty(self) -> bool:
        """Say whether the database has no table of anybody's."""
        query = sa.text(
            "SELECT count(*) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        engine = sa.create_engine(
            self.url.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool
        )
        try:
            with engine.connect() as connection:
                return bool(connection.execute(query).scalar_one() == 0)
        except sa.exc.OperationalError as error:
            raise ExternalServiceError(
                f"{self.where} does not answer: {str(error.orig).strip()}. Make the database first."
            ) from error

    def compare(self, folder: Path) -> Content:
        """Compare the statements that would make what is there with those of the backup."""
        if self.is_empty():
            return Content.NOTHING
        how = ("--no-owner", "--no-privileges")
        with scratch_directory() as scratch:
            there, kept = scratch / "there.sql", scratch / "kept.sql"
            self._run("pg_dump", *how, "--file", there)
            _run_tool("pg_restore", *how, "--file", kept, folder / "database.dump")
            same = _statements(there) == _statements(kept)
        return Content.ALL if same else Content.OTHER

    def load(self, folder: Path) -> None:
        """Fill the database in one transaction: all of it or nothing."""
        how = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        self._run("pg_restore", *how, folder / "database.dump")

    def _run(self, tool: str, *arguments: object) -> None:
        # A password must not be an argument: every user of the machine can list those.
        secret = {} if self.url.password is None else {"PGPASSWORD": str(self.url.password)}
        target = self.url._replace(password=None).render_as_string()
        more = ("--no-password", *arguments, "--dbname", target)
        _run_tool(tool, *more, secret=secret, where=self.where)


def _run_tool(
    tool: str, *arguments: object, secret: Mapping[str, str] | None = None, where: str = "a backup"
) -> None:
    # Tethered: one that outlived a killed restore would still fill the database.
    command = [_tool(tool), *map(str, arguments)]
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with tethered(command, env={**os.environ, **(secret or {})}, **output) as process:
        _, problem = process.communicate()
    if process.returncode != 0:
        raise ExternalServiceError(f"{tool} failed on {where}: {problem.strip()}")


def _rows(database: Path) -> list[str]:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        return list(opened.iterdump())


def _statements(script: Path) -> list[str]:
    """Leave out comments, and the tool's own lines, which carry versions and random keys."""
    lines = script.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("--", "\\"))]


def _tool(name: str) -> str:
    # Debian keeps the tools of each version in a folder of its own; the newest reads every older.
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    found = str(installed[-1]) if installed else shutil.which(name)
    if found is None:
        raise ExternalServiceError(f"{name} is not installed: apt-get install postgresql-client")
    return found


def _version(tool: Path) -> int:
    name = tool.parents[1].name
    return int(name) if name.isdecimal() else 0
