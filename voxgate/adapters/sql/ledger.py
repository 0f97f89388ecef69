"""The ledger as a table of the ledger's database."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database, open_database
from voxgate.adapters.sql.schema import EVENTS, FENCES
from voxgate.clock import utc_now
from voxgate.errors import StaleTokenError
from voxgate.release.book import Book
from voxgate.release.chain import require_whole
from voxgate.release.events import Event, Row, parse_row, seal
from voxgate.release.ports.ledger import Decide, Fence
from voxgate.settings import Settings

__all__ = ["SqlLedger", "open_ledger"]


def open_ledger(
    settings: Settings, root: Path, *, clock: Callable[[], datetime] = utc_now
) -> SqlLedger:
    """Open the ledger; raises what `open_database` raises."""
    return SqlLedger(open_database(settings, root), clock=clock)


class SqlLedger:
    """A ledger in one database; safe to use from several processes."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.database = database
        self._clock = clock

    def read(self, model: str) -> Book:
        """Return what stands for a model; see `Ledger.read`."""
        with self.database.reading() as connection:
            return _book(connection, model)

    def rows(self) -> tuple[Row, ...]:
        """Return every row as it is stored; see `Ledger.rows`."""
        with self.database.reading() as connection:
            return _rows(connection, sa.select(EVENTS).order_by(EVENTS.c.sequence))

    def take_fence(self, model: str, *, holder: str) -> Fence:
        """Issue the next fencing token; see `Ledger.take_fence`."""
        with self.database.writing() as connection:
            token = (_token(connection, model) or 0) + 1
            connection.execute(sa.delete(FENCES).where(FENCES.c.model == model))
            connection.execute(
                sa.insert(FENCES).values(model=model, token=token, holder=holder[:200])
            )
        return Fence(model, token)

    def append(
        self,
        model: str,
        decide: Decide,
        *,
        fence: Fence | None = None,
        heads: Collection[str] | None = None,
    ) -> Event | None:
        """Decide and append in one transaction; see `Ledger.append`."""
        with self.database.writing() as connection:
            if heads is not None:
                query = sa.select(EVENTS).order_by(EVENTS.c.sequence)
                require_whole(_rows(connection, query), heads)
            if fence is not None:
                _require_newest(connection, fence)
            now = self._clock()
            draft = decide(_book(connection, model), now)
            if draft is None:
                return None
            if fence is not None:
                draft = replace(draft, facts={**draft.facts, "fence": fence.token})
            row = seal(draft, after=_last_row(connection), now=now)
            connection.execute(sa.insert(EVENTS).values(**vars(row)))
        return parse_row(row)


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
