"""Sentences that were spoken before, in memory and on disk, for as long as they may be kept.

Looked up in memory, inside the event loop; `load` and `store` move between memory and disk and
belong into a thread. A hit is no right to be heard: each asks `allowed` again, since a version may
have been quarantined, or a consent revoked, after the sentence was made. A recall also erases; what
was being made meanwhile is not kept, as `as_of` is older than the erasure.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voxgate.clock import utc_now
from voxgate.serving.desk.files import SentenceFiles
from voxgate.serving.desk.keys import SentenceKey, SentenceOwner
from voxgate.serving.requests import SpokenSentence

__all__ = ["Allowed", "CacheCounts", "SentenceCache", "read_only"]

Allowed = Callable[[], None]
"""Raises where the speech may not be heard now: quarantine, consent, the state of a profile."""


@dataclass(kw_only=True)
class CacheCounts:
    """What became of look-ups and entries since the start."""

    hits: int = 0
    misses: int = 0
    refused: int = 0
    loaded: int = 0
    evicted: int = 0
    expired: int = 0
    erased: int = 0


@dataclass(frozen=True, kw_only=True)
class _Entry:
    sentence: SpokenSentence
    owner: SentenceOwner
    made_at_s: float


class SentenceCache:
    """At most `max_bytes` of samples in memory, none older than `time_to_live`.

    The least recently used go first. `files` None keeps nothing on disk.
    """

    def __init__(
        self,
        files: SentenceFiles | None = None,
        *,
        max_bytes: int,
        time_to_live: timedelta,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.counts = CacheCounts()
        self._files = files
        self._max_bytes = max_bytes
        self._ttl_s = time_to_live.total_seconds()
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._bytes = 0
        self._erasures = 0

    @property
    def bytes(self) -> int:
        """Return how many bytes of samples are in memory."""
        return self._bytes

    @property
    def erasures(self) -> int:
        """Return how often something was erased: read it before making what is then kept."""
        return self._erasures

    def get(self, key: SentenceKey, *, allowed: Allowed) -> SpokenSentence | None:
        """Return the sentence of a key, or None; its samples are read-only.

        Raises:
            Exception: what `allowed` raises; it is asked at each hit.
        """
        with self._lock:
            entry = self._entries.get(key.digest)
            if entry is not None and not self._is_fresh(entry.made_at_s):
                self._drop(key.digest)
                self.counts.expired += 1
                entry = None
            if entry is None:
                self.counts.misses += 1
                return None
            self._entries.move_to_end(key.digest)
        try:
            allowed()
        except BaseException:
            self.counts.refused += 1
            raise
        self.counts.hits += 1
        return entry.sentence

    def has(self, keys: Iterable[SentenceKey]) -> bool:
        """Tell whether all of them are in memory, of whatever age."""
        with self._lock:
            return all(key.digest in self._entries for key in keys)

    def load(self, keys: Iterable[SentenceKey]) -> None:
        """Bring sentences from disk into memory, up to the first that is in neither."""
        as_of = self._erasures
        for key in keys:
            with self._lock:
                if key.digest in self._entries:
                    continue
            found = None if self._files is None else self._files.read(key)
            if found is None:
                return
            sentence, made_at_s = found
            if not self._is_fresh(made_at_s):
                return
            self.counts.loaded += 1
            self._keep(key, sentence, made_at_s=made_at_s, as_of=as_of)

    def put(self, key: SentenceKey, sentence: SpokenSentence, *, as_of: int) -> None:
        """Keep a sentence in memory; `as_of` is what `erasures` was before it was made."""
        self._keep(key, read_only(sentence), made_at_s=self._now_s(), as_of=as_of)

    def store(self, key: SentenceKey, sentence: SpokenSentence, *, as_of: int) -> None:
        """Keep a sentence on disk.

        Raises:
            StorageError: the disk refused; memory still has it.
        """
        if self._files is not None:
            self._files.write(
                key,
                sentence,
                made_at_s=self._now_s(),
                still=lambda: as_of == self._erasures,
            )

    def erase(self, doomed: Callable[[SentenceOwner], bool]) -> int:
        """Forget all sentences of the owners that `doomed` names; returns how many entries.

        Raises:
            StorageError: a file cannot be removed; memory is erased, call it again.
        """
        return self._erase(lambda owner, _: doomed(owner), erasure=True)

    def sweep(self) -> int:
        """Remove what is too old from memory and disk; returns how many entries.

        Whoever serves calls it now and then, so that nothing lies longer than it may.

        Raises:
            StorageError: as `erase`.
        """
        removed = self._erase(lambda _, made_at_s: not self._is_fresh(made_at_s), erasure=False)
        self.counts.expired += removed
        return removed

    def _erase(self, doomed: Callable[[SentenceOwner, float], bool], *, erasure: bool) -> int:
        with self._lock:
            self._erasures += erasure
            names = [n for n, e in self._entries.items() if doomed(e.owner, e.made_at_s)]
            for name in names:
                self._drop(name)
        # What is being written now either sees the new count or is among the files by then.
        removed = len(names) + (0 if self._files is None else self._files.erase(doomed))
        self.counts.erased += removed if erasure else 0
        return removed

    def _keep(
        self, key: SentenceKey, sentence: SpokenSentence, *, made_at_s: float, as_of: int
    ) -> None:
        size = sentence.pcm.nbytes
        with self._lock:
            if as_of != self._erasures or size > self._max_bytes:
                return
            if key.digest in self._entries:
                self._drop(key.digest)
            while self._bytes + size > self._max_bytes:
                self._drop(next(iter(self._entries)))
                self.counts.evicted += 1
            self._entries[key.digest] = _Entry(
                sentence=sentence, owner=key.owner, made_at_s=made_at_s
            )
            self._bytes += size

    def _drop(self, name: str) -> None:
        self._bytes -= self._entries.pop(name).sentence.pcm.nbytes

    def _now_s(self) -> float:
        return self._clock().timestamp()

    def _is_fresh(self, made_at_s: float) -> bool:
        # A clock that was set back makes entries of the future: of those nobody knows the age.
        return 0 <= self._now_s() - made_at_s < self._ttl_s


def read_only(sentence: SpokenSentence) -> SpokenSentence:
    """Return the sentence with samples of its own that nobody can change: many share them."""
    if not sentence.pcm.flags.writeable:
        return sentence
    pcm = sentence.pcm.copy()
    pcm.flags.writeable = False
    return replace(sentence, pcm=pcm)
