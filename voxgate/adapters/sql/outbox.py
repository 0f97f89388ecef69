"""The outbox: which notice was delivered on which channel, and what is still to be tried.

At least once: a notice is marked only after the receiver's acknowledgement. Not doubled: one
process sends on a channel at a time, under a lease, and marks under the same lease. A kill between
the acknowledgement and the mark leaves a notice that is sent again, with the same key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.leases import Lease, LeaseTable, database_time
from voxgate.adapters.sql.schema import ALARMS, CHANNELS, DELIVERIES
from voxgate.errors import (
    DeliveryError,
    ExternalServiceError,
    LeaseLostError,
    LockHeldError,
    ReleaseError,
)
from voxgate.printable import printable
from voxgate.release.notices import Channel, Notice
from voxgate.release.ports.outbox import Delivery

__all__ = ["MAX_ATTEMPTS", "SqlOutbox", "pause_s"]

MAX_ATTEMPTS = 10
"""With the pauses below a receiver may be away for half a day."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 6 * 3600.0
BACKLOG_S = 24 * 3600.0
"""A channel that is used for the first time is told about the last day."""

_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")


class SqlOutbox:
    """Alarms and deliveries in the ledger's database; implements `Outbox`."""

    def __init__(self, database: Database, *, random: Random | None = None) -> None:
        self._database = database
        self._leases = LeaseTable(database)
        self._random = random or Random()  # noqa: S311  # jitter, no secret

    def enqueue(self, key: str, subject: str, text: str) -> bool:
        """Put an alarm into the outbox; see `Outbox.enqueue`."""
        if not _KEY.fullmatch(key):
            raise ReleaseError(f"key {key!r}: expected 1 to 100 of A-Z a-z 0-9 . _ -")
        if not subject.isprintable() or not subject.strip():
            raise ReleaseError(f"subject {subject!r}: expected one printable line")
        with self._database.writing() as connection:
            if connection.execute(sa.select(ALARMS.c.key).where(ALARMS.c.key == key)).first():
                return False
            now_s = database_time(connection)
            row = {"key": key, "at_s": now_s, "subject": subject, "text": text}
            connection.execute(sa.insert(ALARMS).values(**row))
        return True

    def alarms(self) -> list[Notice]:
        """Return the alarms, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(ALARMS).order_by(ALARMS.c.at_s, ALARMS.c.key)).all()
        return [
            Notice(key=row.key, at=_time(row.at_s), subject=row.subject, text=row.text)
            for row in rows
        ]

    def standing(self, channel: str, told: Sequence[Notice]) -> list[Delivery]:
        """Return how each notice that the channel is told about stands, in the order of `told`."""
        with self._database.reading() as connection:
            query = sa.select(DELIVERIES).where(DELIVERIES.c.channel == channel)
            tried = {row.key: row for row in connection.execute(query)}
            query = sa.select(CHANNELS.c.since_s).where(CHANNELS.c.channel == channel)
            since_s = connection.execute(query).scalar_one_or_none()
            if since_s is None:
                since_s = database_time(connection) - BACKLOG_S
        return [
            _delivery(channel, notice, tried.get(notice.key))
            for notice in told
            if notice.key in tried or notice.at >= _time(since_s)
        ]

    def channels(self) -> list[str]:
        """Return the names of the channels that were ever used."""
        with self._database.reading() as connection:
            query = sa.select(CHANNELS.c.channel).order_by(CHANNELS.c.channel)
            return list(connection.execute(query).scalars())

    def send(self, channel: Channel, told: Sequence[Notice]) -> list[str]:
        """Send what is due of `told`, oldest first; returns the problems.

        The round ends at the first outage: the rest would wait for the same receiver in vain.
        """
        try:
            with self._leases.hold(f"outbox:{channel.name}", purpose="the sender") as lease:
                return list(self._send(lease, channel, told))
        except (LockHeldError, LeaseLostError) as error:
            return [f"{channel.name}: somebody else sends: {error}"]

    def retry(self, key: str | None = None) -> int:
        """Make everything that is not delivered (or only `key`) due again; returns how many."""
        undelivered = DELIVERIES.c.delivered_at_s.is_(None)
        chosen = undelivered if key is None else undelivered & (DELIVERIES.c.key == key)
        with self._database.writing() as connection:
            query = sa.update(DELIVERIES).where(chosen).values(attempts=0, next_at_s=0.0)
            return int(connection.execute(query).rowcount)

    def _send(self, lease: Lease, channel: Channel, told: Sequence[Notice]) -> Iterator[str]:
        for delivery in self._due(lease, channel.name, told):
            notice, attempts = delivery.notice, delivery.attempts + 1
            lease.assert_held()
            try:
                channel.send(notice)
            except (DeliveryError, ExternalServiceError) as error:
                self._note(lease, channel.name, notice.key, attempts, problem=printable(str(error)))
                again = "given up" if attempts >= MAX_ATTEMPTS else "tried again later"
                yield f"{channel.name}: {notice.key}: {error} (attempt {attempts}, {again})"
                if isinstance(error, ExternalServiceError):
                    return
            else:
                self._note(lease, channel.name, notice.key, attempts)

    def _due(self, lease: Lease, channel: str, told: Sequence[Notice]) -> list[Delivery]:
        with lease.writing() as connection:
            now_s = database_time(connection)
            mine = CHANNELS.c.channel == channel
            if connection.execute(sa.select(CHANNELS).where(mine)).first() is None:
                row = {"channel": channel, "since_s": now_s - BACKLOG_S}
                connection.execute(sa.insert(CHANNELS).values(**row))
        standing = self.standing(channel, told)
        return [d for d in standing if d.state == "waiting" and d.next_at <= _time(now_s)]

    def _note(
        self, lease: Lease, channel: str, key: str, attempts: int, *, problem: str | None = None
    ) -> None:
        with lease.writing() as connection:
            now_s = database_time(connection)
            mine = (DELIVERIES.c.channel == channel) & (DELIVERIES.c.key == key)
            connection.execute(sa.delete(DELIVERIES).where(mine))
            row = {
                "channel": channel,
                "key": key,
                "attempts": attempts,
                "next_at_s": now_s + pause_s(attempts, self._random),
                "delivered_at_s": now_s if problem is None else None,
                "error": problem or "",
            }
            connection.execute(sa.insert(DELIVERIES).values(**row))


def pause_s(attempts: int, random: Random) -> float:
    """Return how long to wait after so many attempts: doubled each time, and never in step."""
    pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (attempts - 1))
    return pause * random.uniform(0.75, 1.25)


def _delivery(channel: str, notice: Notice, row: Any | None) -> Delivery:
    if row is None:
        return Delivery(
            channel=channel,
            notice=notice,
            state="waiting",
            attempts=0,
            next_at=notice.at,
            error="",
        )
    state = "dead" if row.attempts >= MAX_ATTEMPTS else "waiting"
    return Delivery(
        channel=channel,
        notice=notice,
        state=state if row.delivered_at_s is None else "delivered",
        attempts=row.attempts,
        next_at=_time(row.next_at_s),
        error=row.error,
    )


def _time(time_s: float) -> datetime:
    return datetime.fromtimestamp(time_s, UTC)
