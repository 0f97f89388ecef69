"""The register of speaker profiles as a table of the ledger's database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from voxgate.adapters.sql.database import Database
from voxgate.adapters.sql.speech_schema import SPEAKER_EVENTS
from voxgate.anchor import NOWHERE, Anchor
from voxgate.clock import utc_now
from voxgate.hash_chain import name_head
from voxgate.speakers.events import Event, Row, parse_row, seal
from voxgate.speakers.ports import Decide
from voxgate.speakers.register import Register

__all__ = ["SqlSpeakerRegister"]


class SqlSpeakerRegister:
    """Implements `SpeakerRegister` in one database; safe to use from several processes.

    What stands is held against the head that `anchor` remembers, each time.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = utc_now,
        anchor: Anchor = NOWHERE,
    ) -> None:
        self.database = database
        self._clock = clock
        self._anchor = anchor

    def read(self) -> Register:
        """Return what stands; see `SpeakerRegister.read`."""
        heads = self._anchor.heads()  # before the rows: whoever appends meanwhile notes a newer one
        return Register.of_rows(self.rows(), heads)

    def head(self) -> str | None:
        """Return the last event; see `SpeakerRegister.head`."""
        columns = SPEAKER_EVENTS.c
        query = sa.select(columns.sequence, columns.digest).order_by(columns.sequence.desc())
        with self.database.reading() as connection:
            found = connection.execute(query.limit(1)).one_or_none()
        return None if found is None else name_head(found.sequence, found.digest)

    def rows(self) -> tuple[Row, ...]:
        """Return every row as it is stored; see `SpeakerRegister.rows`."""
        with self.database.reading() as connection:
            return _rows(connection)

    def append(self, decide: Decide) -> Event | None:
        """Decide and append in one transaction; see `SpeakerRegister.append`."""
        with self.database.writing() as connection:
            rows = _rows(connection)
            register, now = Register.of_rows(rows, self._anchor.heads()), self._clock()
            draft = decide(register, now)
            if draft is None:
                return None
            row = seal(draft, after=rows[-1] if rows else None, now=now)
            event = parse_row(row)
            register.after(event)  # what cannot be read back is not written
            connection.execute(sa.insert(SPEAKER_EVENTS).values(**vars(row)))
        self._anchor.note(event.head)
        return event


def _rows(connection: sa.Connection) -> tuple[Row, ...]:
    query = sa.select(SPEAKER_EVENTS).order_by(SPEAKER_EVENTS.c.sequence)
    return tuple(Row(**row) for row in connection.execute(query).mappings())
