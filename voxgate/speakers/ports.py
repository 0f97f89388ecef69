"""The port of the register: one writer at a time, one event a transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from voxgate.speakers.events import Draft, Event, Row
from voxgate.speakers.register import Register

__all__ = ["Decide", "SpeakerRegister"]

Decide = Callable[[Register, datetime], Draft | None]
"""Given what stands and the time, the event to append; None when there is nothing to do."""


class SpeakerRegister(Protocol):
    """Keeps the events of all profiles in one chain."""

    def read(self) -> Register:
        """Return what stands.

        Raises:
            LedgerTamperedError: a row is not what was appended, or the chain lacks what is
                remembered of it outside the database.
            ExternalServiceError: the database does not answer.
        """
        ...

    def head(self) -> str | None:
        """Return the last event, `SEQUENCE:SHA256`, without reading the others.

        Cheap enough to ask before each request whether what was read still stands.
        """
        ...

    def rows(self) -> tuple[Row, ...]:
        """Return every row as it is stored, by sequence; unchecked, for an audit."""
        ...

    def append(self, decide: Decide) -> Event | None:
        """Let `decide` look at what stands and append its event, in one transaction.

        No other event comes between the look and the append. An error of `decide` leaves the
        register as it was.

        Raises:
            ClockError: the clock is behind the last event.
            LedgerTamperedError: a row is not what was appended.
            ExternalServiceError: the database does not answer.
        """
        ...
