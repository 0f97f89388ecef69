"""The port of the outbox: which notice was delivered on which channel, and what is to be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voxgate.release.notices import Channel, Notice

__all__ = ["Delivery", "Outbox"]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a notice stands on a channel: `delivered`, `waiting` or `dead` (given up).

    `next_at` is when it is tried next, by the outbox's clock; `error` is what came last.
    """

    channel: str
    notice: Notice
    state: str
    attempts: int
    next_at: datetime
    error: str


class Outbox(Protocol):
    """Remembers alarms and deliveries; a notice is marked only after it was acknowledged."""

    def enqueue(self, key: str, subject: str, text: str) -> bool:
        """Put an alarm into the outbox; False when one with this key is there already.

        Alarms are what no event of the ledger causes: of a monitor, of a schedule.

        Raises:
            ReleaseError: the key or the subject cannot travel in a header.
        """
        ...

    def alarms(self) -> list[Notice]:
        """Return the alarms, oldest first."""
        ...

    def standing(self, channel: str, told: Sequence[Notice]) -> list[Delivery]:
        """Return how each notice that the channel is told about stands, in the order of `told`."""
        ...

    def channels(self) -> list[str]:
        """Return the names of the channels that were ever used."""
        ...

    def send(self, channel: Channel, told: Sequence[Notice]) -> list[str]:
        """Send what is due of `told`, oldest first; returns the problems."""
        ...

    def retry(self, key: str | None = None) -> int:
        """Make everything that is not delivered (or only `key`) due again; returns how many."""
        ...
