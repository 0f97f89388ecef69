"""Erase the kept sentences of versions that were quarantined.

Nobody hears them any more in any case, as each is asked for when it is found: this frees disks of
what was called back.
"""

from __future__ import annotations

from collections.abc import Callable

from voxgate.release.book import Book
from voxgate.release.states import State
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.keys import SentenceOwner

__all__ = ["QuarantineEraser"]


class QuarantineEraser:
    """Looks at what is quarantined, and erases each voice once in the life of the process."""

    def __init__(self, cache: SentenceCache, read: Callable[[], Book]) -> None:
        self._cache = cache
        self._read = read
        self._erased: frozenset[str] = frozenset()

    def look(self) -> int:
        """Erase what was quarantined since the last look; returns how many entries.

        Raises:
            LedgerError, ExternalServiceError: the ledger cannot be read.
            StorageError: a file cannot be removed; the next look tries again.
        """
        condemned = {
            str(release.origin.model_digest)
            for release in self._read().releases.values()
            if release.state is State.QUARANTINED
        } - self._erased
        if not condemned:
            return 0

        def doomed(owner: SentenceOwner) -> bool:
            return owner.voice in condemned

        count = self._cache.erase(doomed)
        self._erased |= condemned
        return count
