"""The database of the ledger: SQLite in the checkout, or PostgreSQL by setting.

A write is one transaction that holds the writers' lock from before its first read (SQLite: BEGIN
IMMEDIATE; PostgreSQL: an advisory lock), so what a decision saw is what it is appended to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from voxgate.adapters.sql.schema import MIGRATIONS, migrate, schema_version
from voxgate.errors import ConfigError, ExternalServiceError, LedgerError, StorageError
from voxgate.settings import Settings
from voxgate.sqlite_file import examine_sqlite
from voxgate.stage import Workspace

__all__ = ["Database", "open_database"]

BUSY_TIMEOUT_S = 30
# Any constant will do, as long as every writer of a ledger takes the same one.
_WRITERS_LOCK = 0x766F7867617465


def open_database(settings: Settings, root: Path) -> Database:
    """Open the ledger's database and bring its schema up to date.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerSchemaError: a newer voxgate wrote it.
        LedgerError: the file is damaged, or no ledger.
        StorageError: the folder of the checkout's own ledger cannot be made.
        ExternalServiceError: the database does not answer.
    """
    if settings.ledger_url is None:
        path = Workspace(root).ledger_file.absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"{path.parent} cannot be made: {error.strerror}. Free space or correct the "
                "permissions, then run again."
            ) from error
        return Database(sa.URL.create("sqlite", database=str(path)))
    try:
        url = sa.make_url(settings.ledger_url.get_secret_value())
    except ArgumentError:
        raise ConfigError("VOXGATE_LEDGER_URL", ["expected a database URL"]) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigError(
            "VOXGATE_LEDGER_URL",
            [f"expected postgresql://… or sqlite:///…, got {url.drivername}://…"],
        )
    return Database(url)


class Database:
    """One database with the ledger's tables; safe to use from several threads and processes."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self._require_sound_file()
        with self._reporting():
            self.engine = _make_engine(url)
            with self.engine.connect() as connection:
                current = schema_version(connection) == len(MIGRATIONS)
            if not current:
                with self.writing() as connection:
                    migrate(connection)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Yield a connection that sees one state of the database.

        Raises:
            LedgerError, ExternalServiceError: as `open_database`; also when used.
        """
        with self._reporting(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction that no other writer's comes between.

        Raises:
            LedgerError, ExternalServiceError: as `open_database`; nothing was written then.
        """
        with (
            self._reporting(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if self.url.get_backend_name() == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_LOCK)))
            yield connection

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Turn the driver's failures into errors that say whether to try again."""
        try:
            yield
        except NoSuchModuleError as error:
            raise ConfigError("VOXGATE_LEDGER_URL", [str(error)]) from None
        except DBAPIError as error:
            self._require_sound_file(thorough=True)
            where = self.url.render_as_string(hide_password=True)
            problem = f"ledger at {where}: {str(error.orig).strip().splitlines()[0]}"
            if isinstance(error, OperationalError):
                raise ExternalServiceError(
                    f"{problem}. Check VOXGATE_LEDGER_URL and that the database answers, then run "
                    "again: nothing is half done."
                ) from error
            raise LedgerError(problem) from error

    def _require_sound_file(self, *, thorough: bool = False) -> None:
        if self.url.get_backend_name() != "sqlite" or not self.url.database:
            return
        fault = examine_sqlite(Path(self.url.database), thorough=thorough)
        if fault is not None and fault.busy:
            raise ExternalServiceError(f"ledger: {fault.problem}; nothing is half done. Try again")
        if fault is not None:
            raise LedgerError(
                f"ledger: {fault.problem}; nothing is decided without it. Move it away and put a "
                "backup in its place (`voxgate restore`), then `voxgate audit verify`"
            )


def _make_engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        # No pool: a command makes a few transactions, and a forked child shares no connection.
        return sa.create_engine(url, poolclass=NullPool)
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_TIMEOUT_S})

    @sa.event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
