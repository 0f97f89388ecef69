"""Leases between machines: one holder a name, for work that is longer than a transaction.

A row of the ledger's database says who holds a name and until when. The holder renews it from a
thread; one that was killed stops renewing and frees the name within its time to live. One that was
merely paused finds out from `assert_held`, because every taking of the name raises its token. Times
are the database's (SQLite: of the machine that it is a file of), so that clocks need not agree.

The ledger's own transitions need no lease (ADR 3), nor does a checkout (ADR 2).
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.schema import LEASES
from voxgate.errors import LeaseLostError, LockHeldError, VoxgateError

__all__ = ["Lease", "LeaseTable", "database_time"]

TTL_S = 30.0
RENEWALS_A_TTL = 3
"""So that two renewals may fail before the lease is lost."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """A name that is held. `token` is larger than that of every earlier holder of the name."""

    name: str
    token: int
    database: Database

    def assert_held(self) -> None:
        """Stop unless the lease is held now; call it before each effect that it guards.

        Within a decision of `Ledger.append` the answer holds until the append: nobody takes a name
        while a transaction writes.

        Raises:
            LeaseLostError: the holder was away for longer than the time to live.
            ExternalServiceError: the database does not answer, so nobody knows.
        """
        with self.database.reading() as connection:
            _require(connection, self)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a writing transaction of the database in which the lease is surely held.

        Raises:
            LeaseLostError, ExternalServiceError: as `assert_held`; nothing is written then.
        """
        with self.database.writing() as connection:
            _require(connection, self)
            yield connection


class LeaseTable:
    """The leases in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def hold(
        self, name: str, *, purpose: str, ttl_s: float = TTL_S, heartbeat_s: float | None = None
    ) -> Iterator[Lease]:
        """Hold `name`, and renew it every `heartbeat_s` (a third of `ttl_s` by default).

        Raises:
            LockHeldError: somebody holds it; says who, since when and until when.
            ExternalServiceError: the database does not answer.
        """
        every_s = ttl_s / RENEWALS_A_TTL if heartbeat_s is None else heartbeat_s
        if not 0 < every_s < ttl_s:
            raise ValueError(f"expected 0 < heartbeat_s < ttl_s, got {every_s} and {ttl_s}")
        lease = self._take(name, purpose, ttl_s)
        stop = threading.Event()
        heart = threading.Thread(
            target=_beat, args=(lease, ttl_s, every_s, stop), name=f"lease {name}", daemon=True
        )
        heart.start()
        try:
            yield lease
        finally:
            stop.set()
            heart.join()
            _give_back(lease)

    def _take(self, name: str, purpose: str, ttl_s: float) -> Lease:
        with self._database.writing() as connection:
            now_s = database_time(connection)
            found = connection.execute(sa.select(LEASES).where(LEASES.c.name == name)).one_or_none()
            if found is not None and found.until_s > now_s:
                holder = f"{found.purpose} (pid {found.pid} on {found.host}, since "
                holder += f"{_text(found.since_s)}"
                raise LockHeldError(
                    f"{name} is held by {holder}, until {_text(found.until_s)} unless it is "
                    "renewed). Wait for it to end, or end it; a holder that died frees it at that "
                    "time.",
                    holder=f"{holder})",
                )
            token = 1 if found is None else found.token + 1
            facts = {
                "token": token,
                "purpose": purpose[:200],
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "since_s": now_s,
                "until_s": now_s + ttl_s,
            }
            if found is None:
                connection.execute(sa.insert(LEASES).values(name=name, **facts))
            else:
                connection.execute(sa.update(LEASES).where(LEASES.c.name == name).values(**facts))
        return Lease(name, token, self._database)


def database_time(connection: sa.Connection) -> float:
    """Return the seconds since 1970 by the database's clock."""
    query = {
        "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
        # Not now(): that is when the transaction began, before it waited for the writers' lock.
        "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    }[connection.dialect.name]
    return float(connection.execute(sa.text(query)).scalar_one())


def _beat(lease: Lease, ttl_s: float, every_s: float, stop: threading.Event) -> None:
    while not stop.wait(every_s):
        try:
            if not _prolong(lease, ttl_s):
                _LOGGER.warning("lease %s (token %d) was taken over", lease.name, lease.token)
                return
        except VoxgateError as error:  # an outage; the next beat tries again while there is time
            _LOGGER.warning("lease %s was not renewed: %s", lease.name, error)


def _give_back(lease: Lease) -> None:
    try:
        _prolong(lease, 0)
    except VoxgateError as error:  # it then ends by itself
        _LOGGER.warning("lease %s was not given back: %s", lease.name, error)


def _prolong(lease: Lease, ttl_s: float) -> bool:
    """Let the lease end `ttl_s` from now; False when somebody else has taken the name.

    A lease that ran out while nobody wanted it is simply renewed: nobody came in between.
    """
    with lease.database.writing() as connection:
        mine = (LEASES.c.name == lease.name) & (LEASES.c.token == lease.token)
        until_s = database_time(connection) + ttl_s
        changed = connection.execute(sa.update(LEASES).where(mine).values(until_s=until_s))
        return bool(changed.rowcount)


def _require(connection: sa.Connection, lease: Lease) -> None:
    found = connection.execute(sa.select(LEASES).where(LEASES.c.name == lease.name)).one_or_none()
    if found is None or found.token != lease.token:
        taker = "nobody" if found is None else f"{found.purpose} (pid {found.pid} on {found.host})"
        raise LeaseLostError(
            f"{lease.name}: this process holds token {lease.token}, the newest is "
            f"{None if found is None else found.token}, taken by {taker}: it was away for longer "
            "than the lease lives, and another took over. Nothing more is done here; look at what "
            "stands, then start again."
        )
    if found.until_s <= database_time(connection):
        raise LeaseLostError(
            f"{lease.name}: the lease ran out at {_text(found.until_s)} and was not renewed, so "
            "another may take over at any time. Nothing more is done here; start again."
        )


def _text(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="seconds")
