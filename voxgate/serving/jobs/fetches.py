"""Who-has-it of stored speech: which files were fetched, when first and last, and how often.

A recall cannot call back what was fetched, so it lists it. Answers are noted in memory and added to
the database beside the requests. So an outage costs nothing that the process does not take with it,
and `kill -9` costs what was noted since the last round.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voxgate.clock import utc_now
from voxgate.errors import VoxgateError

__all__ = ["FetchBook", "FetchLog", "Fetched"]

_LOGGER = logging.getLogger(__name__)

MOST_WAITING = 100_000
"""Files that wait for the database, some 30 MB."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """Answers that had bytes of a file in them; a player that jumps asks several times."""

    first_at: datetime
    last_at: datetime
    times: int

    def plus(self, other: Fetched) -> Fetched:
        """Return both together."""
        return Fetched(
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
            times=self.times + other.times,
        )


class FetchLog(Protocol):
    """What all processes of a service noted. Every method is one transaction.

    All of them raise ExternalServiceError, LedgerError or StorageError when the database cannot be
    used; nothing was changed then.
    """

    def add(self, fetched: Mapping[str, Fetched]) -> None:
        """Add to what is known of each file."""
        ...

    def fetches(self, asset_ids: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known of those of the files that were fetched."""
        ...


class FetchBook:
    """Notes in memory until they are kept. Safe to use from threads."""

    def __init__(
        self,
        log: FetchLog,
        *,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._log = log
        self._most = most_waiting
        self._clock = clock
        self._noting, self._keeping = threading.Lock(), threading.Lock()
        self._waiting: dict[str, Fetched] = {}
        self._lost = 0

    def note(self, asset_id: str) -> None:
        """Note that bytes of a file are sent; costs no input or output.

        While the database is away and `most_waiting` files wait for it, others are only counted.
        """
        now = self._clock()
        self._add({asset_id: Fetched(first_at=now, last_at=now, times=1)})

    def keep(self) -> None:
        """Add what waits to the database.

        Raises:
            LedgerError, StorageError, ExternalServiceError: nothing was written; it waits on.
        """
        with self._keeping:
            with self._noting:
                batch, self._waiting = self._waiting, {}
                lost, self._lost = self._lost, 0
            if lost:
                _LOGGER.error("%d fetches of files are not in the list that a recall makes", lost)
            if not batch:
                return
            try:
                self._log.add(batch)
            except VoxgateError:
                self._add(batch)
                raise

    def _add(self, fetched: Mapping[str, Fetched]) -> None:
        with self._noting:
            for asset_id, more in fetched.items():
                known = self._waiting.get(asset_id)
                if known is None and len(self._waiting) >= self._most:
                    self._lost += more.times
                    continue
                self._waiting[asset_id] = more if known is None else known.plus(more)
