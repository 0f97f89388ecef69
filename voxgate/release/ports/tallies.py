"""The port of what is counted in trials: each process that serves keeps rows of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from voxgate.release.trial_tally import Counts, Share, TrialTally

__all__ = ["Tallies"]


class Tallies(Protocol):
    """Keeps the sums of trials, which are named by `Trial.number`."""

    def keep(self, writer: str, counts: Mapping[tuple[int, Share], Counts]) -> None:
        """Put what a writer counted so far, by trial and share, in the place of its last word.

        Sums are whole each time: to keep them twice is to keep them once.

        Raises:
            LedgerError, StorageError, ExternalServiceError: nothing was kept.
        """
        ...

    def read(self, trial: int) -> TrialTally:
        """Return the sums of all writers.

        Raises:
            LedgerError, ExternalServiceError: the database cannot be read.
        """
        ...
