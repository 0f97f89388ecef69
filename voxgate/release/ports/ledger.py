"""The port of the ledger: one writer at a time, one event a transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voxgate.release.book import Book
from voxgate.release.events import Draft, Event, Row

__all__ = ["Decide", "Fence", "Ledger"]

Decide = Callable[[Book, datetime], Draft | None]
"""Given what stands and the time, the event to append; None when there is nothing to do."""


@dataclass(frozen=True)
class Fence:
    """A fencing token: larger than every earlier one of the same model.

    Whoever takes one later overtakes the holder: a promoter that slept through another's work
    cannot finish on what it saw before.
    """

    model: str
    token: int


class Ledger(Protocol):
    """Keeps the events of all models in one chain."""

    def read(self, model: str) -> Book:
        """Return what stands for a model.

        Raises:
            LedgerTamperedError: a row is not what was appended.
            ExternalServiceError: the database does not answer.
        """
        ...

    def rows(self) -> tuple[Row, ...]:
        """Return every row as it is stored, by sequence; unchecked, for the audit."""
        ...

    def take_fence(self, model: str, *, holder: str) -> Fence:
        """Issue the next fencing token."""
        ...

    def append(
        self,
        model: str,
        decide: Decide,
        *,
        fence: Fence | None = None,
        heads: Collection[str] | None = None,
    ) -> Event | None:
        """Let `decide` look at what stands and append its event, in one transaction.

        No other event comes between the look and the append. An error of `decide` leaves the
        ledger as it was. The token of `fence` becomes a fact of the event.

        Args:
            model: whose events `decide` is shown.
            decide: the rules.
            fence: the token that the decision was begun with.
            heads: what is remembered outside; the whole chain is held against it first. None looks
                at the model's own rows only, each by itself.

        Raises:
            StaleTokenError: a newer token than that of `fence` was issued.
            ClockError: the clock is behind the last event.
            LedgerTamperedError: a row is not what was appended, or rows are gone.
            ExternalServiceError: the database does not answer.
        """
        ...
