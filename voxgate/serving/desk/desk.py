"""Where speech is asked for: what is kept or under way is handed out, the rest comes of the pool.

One desk a server: only in one process can equal requests meet.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from typing import Literal

from voxgate.errors import DeadlineError, StorageError, VoiceError
from voxgate.files import digest_json
from voxgate.serving.desk.answer import SpokenAnswer
from voxgate.serving.desk.cache import Allowed, SentenceCache, read_only
from voxgate.serving.desk.flights import Flights
from voxgate.serving.desk.keys import SentenceKey, sentence_keys, utterance_digest
from voxgate.serving.desk.reading import SentenceReader
from voxgate.serving.ports import SpeechPool
from voxgate.serving.requests import Lane, SpokenSentence, Utterance

__all__ = ["CacheState", "SpeakingDesk"]

CacheState = Literal["hit", "join", "miss"]
"""Where the first sentence comes from: kept, somebody else's request, or made anew."""

_READINGS = 4096
"""Texts whose sentences are remembered, by digests: reading one again costs more than a hit."""

_LOGGER = logging.getLogger(__name__)


class SpeakingDesk:
    """Speaks utterances by a pool, and none of their sentences twice if it can be helped.

    `speaking_code` is the digest of the code that makes samples, `device` the kind of GPU that does
    (None: the processor); everything else that decides them is in the utterance. Used from one
    event loop.
    """

    def __init__(
        self,
        pool: SpeechPool,
        *,
        read: SentenceReader,
        cache: SentenceCache,
        speaking_code: str,
        device: str | None = None,
    ) -> None:
        self._pool = pool
        self._read = read
        self._cache = cache
        self._code = speaking_code
        self._device = device
        self._flights: Flights[SpokenSentence] = Flights()
        self._read_before: OrderedDict[str, tuple[SentenceKey, ...]] = OrderedDict()
        self._preparing: dict[str, asyncio.Task[tuple[SentenceKey, ...]]] = {}

    async def speak(
        self,
        utterance: Utterance,
        *,
        lane: Lane,
        allowed: Allowed,
        deadline_s: float | None = None,
        keep: bool = True,
    ) -> tuple[CacheState, SpokenAnswer]:
        """Begin an utterance; its first sentence is ready when this returns.

        Joined work goes by the deadline of whoever began it; no caller waits beyond an own one.
        `keep` False leaves the sentences that are made for this caller out of the cache.

        Raises:
            DeadlineError: the first sentence was not there in `deadline_s` seconds from now.
            OverloadedError, WorkerLostError, TextError, VoiceError, WeightsError: as the pool; a
                failure reaches all who wait for the same work, and is not kept.
            Exception: what `allowed` raises.
        """
        allowed()
        until_s = None if deadline_s is None else asyncio.get_running_loop().time() + deadline_s
        try:
            async with asyncio.timeout_at(until_s) as limit:
                keys = await self._prepared(utterance)
                state, answer = self._begin(
                    utterance, keys, lane=lane, allowed=allowed, until_s=until_s, keep=keep
                )
                await answer.ready()
        except TimeoutError:
            if not limit.expired():
                raise
            raise DeadlineError(
                f"the first sentence was not ready in {deadline_s} s; ask again, or for less"
            ) from None
        return state, answer

    async def close(self) -> None:
        """End what is being spoken."""
        await self._flights.close()

    async def _prepared(self, utterance: Utterance) -> tuple[SentenceKey, ...]:
        """Read the text and load what the disk has of it, once for all who ask at one time."""
        name = utterance_digest(utterance, speaking_code=self._code, device=self._device)
        known = self._read_before.get(name)
        if known is not None and self._cache.has(known):
            self._read_before.move_to_end(name)
            return known
        task = self._preparing.get(name)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self._prepare, utterance, known))
            self._preparing[name] = task
            task.add_done_callback(lambda done: self._has_prepared(name, done))
        return await asyncio.shield(task)

    def _prepare(
        self, utterance: Utterance, known: tuple[SentenceKey, ...] | None
    ) -> tuple[SentenceKey, ...]:
        if known is None:
            keys = sentence_keys(
                utterance, self._read(utterance), speaking_code=self._code, device=self._device
            )
            known = tuple(key.without_text() for key in keys)
        self._cache.load(known)
        return known

    def _has_prepared(self, name: str, done: asyncio.Task[tuple[SentenceKey, ...]]) -> None:
        del self._preparing[name]
        # Looked at in any case: everybody who waited for it may be gone.
        if done.cancelled() or done.exception() is not None:
            return
        self._read_before[name] = done.result()
        self._read_before.move_to_end(name)
        while len(self._read_before) > _READINGS:
            self._read_before.popitem(last=False)

    def _begin(
        self,
        utterance: Utterance,
        keys: Sequence[SentenceKey],
        *,
        lane: Lane,
        allowed: Allowed,
        until_s: float | None,
        keep: bool,
    ) -> tuple[CacheState, SpokenAnswer]:
        """Join, look up or start; without an await, so that no equal request comes in between."""
        # Not across lanes: real-time callers must not wait for work at the pace of a batch.
        name = digest_json([lane.value, *(key.digest for key in keys)])
        state: CacheState = "join"
        listener = self._flights.join(name)
        if listener is None:
            kept = self._kept(keys, allowed)
            state = "hit" if kept else "miss"
            if len(kept) == len(keys):
                return state, SpokenAnswer.of_kept(kept, allowed=allowed)
            made = self._make(utterance, keys, kept, lane=lane, until_s=until_s, keep=keep)
            listener = self._flights.start(name, made)
        return state, SpokenAnswer(listener, allowed=allowed, leave=listener.leave)

    def _kept(self, keys: Sequence[SentenceKey], allowed: Allowed) -> list[SpokenSentence]:
        kept: list[SpokenSentence] = []
        for key in keys:
            sentence = self._cache.get(key, allowed=allowed)
            if sentence is None:
                break
            kept.append(sentence)
        return kept

    def _make(
        self,
        utterance: Utterance,
        keys: Sequence[SentenceKey],
        kept: Sequence[SpokenSentence],
        *,
        lane: Lane,
        until_s: float | None,
        keep: bool,
    ) -> AsyncIterator[SpokenSentence]:
        now_s = asyncio.get_running_loop().time()
        spoken = self._pool.speak(
            utterance,
            lane=lane,
            deadline_s=None if until_s is None else max(0.0, until_s - now_s),
            first=len(kept),
        )
        # Read now: what is erased from here on must not come back by this work.
        as_of = self._cache.erasures if keep else None
        return self._made(spoken, keys, kept, as_of=as_of)

    async def _made(
        self,
        spoken: AsyncIterator[SpokenSentence],
        keys: Sequence[SentenceKey],
        kept: Sequence[SpokenSentence],
        *,
        as_of: int | None,
    ) -> AsyncIterator[SpokenSentence]:
        """Yield the kept sentences, then what the pool speaks, which is kept by then."""
        place = len(kept)
        first = asyncio.create_task(_next(spoken))
        try:
            if kept:
                # A full queue refuses at once; after a kept sentence it would break an answer.
                await asyncio.sleep(0)
                if first.done():
                    first.result()
            for sentence in kept:
                yield sentence
            made = await first
            while made is not None:
                if made.place != place or place == len(keys):
                    raise VoiceError(_unlike(keys, f"got one at place {made.place}"))
                frozen = read_only(made)
                if as_of is not None:
                    self._cache.put(keys[place], frozen, as_of=as_of)
                yield frozen
                if as_of is not None:
                    await self._store(keys[place], frozen, as_of=as_of)
                place += 1
                made = await _next(spoken)
        finally:
            await _end(first, spoken)
        if place != len(keys):
            raise VoiceError(_unlike(keys, f"they end before place {place}"))

    async def _store(self, key: SentenceKey, sentence: SpokenSentence, *, as_of: int) -> None:
        try:
            await asyncio.to_thread(self._cache.store, key, sentence, as_of=as_of)
        except StorageError as error:  # costs the next start of the service, not this caller
            _LOGGER.warning("sentence %s was not kept on disk: %s", key.digest[:12], error)


async def _next(spoken: AsyncIterator[SpokenSentence]) -> SpokenSentence | None:
    return await anext(spoken, None)


async def _end(
    first: asyncio.Task[SpokenSentence | None], spoken: AsyncIterator[SpokenSentence]
) -> None:
    """Leave a pool's iterator, which may still be at its first sentence."""
    first.cancel()
    await asyncio.wait([first])
    if not first.cancelled():
        first.exception()  # whoever waited for it has raised it, or is gone
    leave = getattr(spoken, "aclose", None)
    if leave is not None:
        await leave()


def _unlike(keys: Sequence[SentenceKey], what: str) -> str:
    return (
        f"expected {len(keys)} sentences of the pool, in order; {what}: server and workers do not "
        "read the text alike. Start all of them from one version of voxgate"
    )
