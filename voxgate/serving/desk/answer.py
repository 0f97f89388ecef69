"""An answer that is under way, as one caller hears it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from voxgate.serving.desk.cache import Allowed
from voxgate.serving.requests import SpokenSentence

__all__ = ["SpokenAnswer"]


class SpokenAnswer:
    """The sentences of one answer, in their order; whoever stops before the end calls `aclose`.

    `allowed` is asked before each sentence is handed out, so that a revocation stops an answer that
    has begun.
    """

    def __init__(
        self, source: AsyncIterator[SpokenSentence], *, allowed: Allowed, leave: Callable[[], None]
    ) -> None:
        self._source = source
        self._allowed = allowed
        self._leave = leave
        self._first: SpokenSentence | None = None
        self._rate_hz: int | None = None

    @classmethod
    def of_kept(cls, sentences: Sequence[SpokenSentence], *, allowed: Allowed) -> SpokenAnswer:
        """Return an answer of sentences that are all there; to leave it ends nothing."""
        return cls(_each(sentences), allowed=allowed, leave=lambda: None)

    def __aiter__(self) -> AsyncIterator[SpokenSentence]:
        return self

    async def __anext__(self) -> SpokenSentence:
        """Return the next sentence.

        Raises:
            Exception: as `SpeakingDesk.speak`, where it comes about after the first sentence.
        """
        sentence, self._first = self._first, None
        try:
            if sentence is None:
                sentence = await anext(self._source)
            self._allowed()
        except BaseException:
            self._leave()
            raise
        return sentence

    async def ready(self) -> None:
        """Wait for the first sentence, without handing it out."""
        self._first = await anext(self)
        self._rate_hz = self._first.sample_rate_hz

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of all sentences; known when the first is ready."""
        assert self._rate_hz is not None, "`ready` was awaited before"
        return self._rate_hz

    async def aclose(self) -> None:
        """Leave; work that nobody else waits for ends."""
        self._leave()


async def _each(sentences: Sequence[SpokenSentence]) -> AsyncIterator[SpokenSentence]:
    for sentence in sentences:
        yield sentence
