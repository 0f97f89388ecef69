"""The sums of trials in this process, and their way into the database, beside the requests.

Each process has rows of its own, under a name that no other process ever has, and writes its sums
anew each time. So an outage costs nothing that the process does not take with it, `kill -9` costs
what was counted since the last round, and nothing is counted twice.
"""

from __future__ import annotations

import secrets
import threading

from voxgate.errors import VoxgateError
from voxgate.release.ports.tallies import Tallies
from voxgate.release.trial_tally import Counts, Share

__all__ = ["TallyBook"]


class TallyBook:
    """Counts in memory: three sums a trial. Safe to use from threads."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies
        self._writer = secrets.token_hex(16)
        self._counting, self._keeping = threading.Lock(), threading.Lock()
        self._counts: dict[tuple[int, Share], Counts] = {}
        self._unkept: set[tuple[int, Share]] = set()

    def add(self, trial: int, share: Share, counts: Counts) -> None:
        """Add to the sums of a trial; costs no input or output."""
        with self._counting:
            key = (trial, share)
            self._counts[key] = self._counts.get(key, Counts()).plus(counts)
            self._unkept.add(key)

    def keep(self) -> None:
        """Write the sums that changed since they were written.

        Raises:
            LedgerError, StorageError, ExternalServiceError: nothing was written; next time it is.
        """
        with self._keeping:  # an older sum must not come after a newer one
            with self._counting:
                changed = {key: self._counts[key] for key in self._unkept}
                self._unkept.clear()
            if not changed:
                return
            try:
                self._tallies.keep(self._writer, changed)
            except VoxgateError:
                with self._counting:
                    self._unkept.update(changed)
                raise
