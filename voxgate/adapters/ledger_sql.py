"""The ledger in a database: SQLite in the checkout, or PostgreSQL by setting.

A write is one transaction that holds the writers' lock from before its first read (SQLite: BEGIN
IMMEDIATE; PostgreSQL: an advisory lock), so what a decision saw is what it is appended to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from voxgate.adapters.ledger_schema import EVENTS, FENCES, MIGRATIONS, migrate, schema_version
from voxgate.errors import ConfigError, ExternalServiceError, LedgerError, StaleTokenError
from voxgate.release.book import Book
from voxgate.release.events import Event, Row, parse_row, seal
from voxgate.release.ledger import Decide, Fence
from voxgate.settings import Settings

__all__ = ["SqlLedger", "open_ledger", "utc_now"]

BUSY_TIMEOUT_S = 30
# Any constant will do, as long as every writer of a ledger takes the same one.
_WRITERS_LOCK = 0x766F7867617465


def utc_now() -> datetime:
    """Return the time of this machine's clock."""
    return datetime.now(UTC)


def open_ledger(
    settings: Settings, root: Path, *, clock: Callable[[], datetime] = utc_now
) -> SqlLedger:
    """Open the ledger and bring its schema up to date.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerSchemaError: a newer voxgate wrote it.
        LedgerError: the file is no ledger.
        ExternalServiceError: the database does not answer.
    """
    if settings.ledger_url is None:
        path = (root / ".voxgate" / "ledger" / "ledger.db").resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqlLedger(sa.URL.create("sqlite", database=str(path)), clock=clock)
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
    return SqlLedger(url, clock=clock)


class SqlLedger:
    """A ledger in one database; safe to use from several processes."""

    def __init__(self, url: sa.URL, *, clock: Callable[[], datetime]) -> None:
        self.url = url
        self._clock = clock
        with self._reporting():
            self._engine = _make_engine(url)
            with self._engine.connect() as connection:
                current = schema_version(connection) == len(MIGRATIONS)
            if not current:
                with self._writing() as connection:
                    migrate(connection)

    def read(self, model: str) -> Book:
        """Return what stands for a model; see `Ledger.read`."""
        with self._reporting(), self._engine.connect() as connection:
            return _book(connection, model)

    def rows(self) -> tuple[Row, ...]:
        """Return every row as it is stored; see `Ledger.rows`."""
        with self._reporting(), self._engine.connect() as connection:
            return _rows(connection, sa.select(EVENTS).order_by(EVENTS.c.sequence))

    def take_fence(self, model: str, *, holder: str) -> Fence:
        """Issue the next fencing token; see `Ledger.take_fence`."""
        with self._writing() as connection:
            token = (_token(connection, model) or 0) + 1
            connection.execute(sa.delete(FENCES).where(FENCES.c.model == model))
            connection.execute(
                sa.insert(FENCES).values(model=model, token=token, holder=holder[:200])
            )
        return Fence(model, token)

    def append(self, model: str, decide: Decide, *, fence: Fence | None = None) -> Event | None:
        """Decide and append in one transaction; see `Ledger.append`."""
        with self._writing() as connection:
            if fence is not None:
                _require_newest(connection, fence)
            now = self._clock()
            draft = decide(_book(connection, model), now)
            if draft is None:
                return None
            row = seal(draft, after=_last_row(connection), now=now)
            connection.execute(sa.insert(EVENTS).values(**vars(row)))
        return parse_row(row)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep every other writer waiting, so that a copy agrees with what is copied beside it."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with (
            self._reporting(),
            self._engine.connect().execution_options(writes=True) as connection,
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
            where = self.url.render_as_string(hide_password=True)
            problem = f"ledger at {where}: {str(error.orig).strip().splitlines()[0]}"
            if isinstance(error, OperationalError):
                raise ExternalServiceError(
                    f"{problem}. Check VOXGATE_LEDGER_URL and that the database answers, then run "
                    "again: nothing is half done."
                ) from error
            raise LedgerError(problem) from error


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


def _book(connection: sa.Connection, model: str) -> Book:
    query = sa.select(EVENTS).where(EVENTS.c.model == model).order_by(EVENTS.c.sequence)
    return Book.of(model, map(parse_row, _rows(connection, query)))


def _last_row(connection: sa.Connection) -> Row | None:
    found = _rows(connection, sa.select(EVENTS).order_by(EVENTS.c.sequence.desc()).limit(1))
    for row in found:
        parse_row(row)  # the chain goes on only after a row that is what was appended
    return found[0] if found else None


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(Row(**row) for row in connection.execute(query).mappings())


def _token(connection: sa.Connection, model: str) -> int | None:
    query = sa.select(FENCES.c.token).where(FENCES.c.model == model)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def _require_newest(connection: sa.Connection, fence: Fence) -> None:
    newest = _token(connection, fence.model)
    if newest != fence.token:
        holder = connection.execute(
            sa.select(FENCES.c.holder).where(FENCES.c.model == fence.model)
        ).scalar_one_or_none()
        raise StaleTokenError(
            f"{fence.model}: this release began with token {fence.token}, the newest is {newest} "
            f"({holder}): somebody began another one later. Look at `voxgate status`, then decide "
            "again."
        )
