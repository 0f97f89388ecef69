"""Turn sentences into bytes of an encoding, away from the event loop where that costs time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from voxgate.adapters.http.faults import NoAudioError
from voxgate.adapters.http.output import Output
from voxgate.audio.encoding import (
    ENCODINGS,
    StreamEncoder,
    encode_file,
    nearest_rate_hz,
    resample_pcm,
)
from voxgate.audio.levelling import levelled
from voxgate.serving.ports import Answer
from voxgate.serving.requests import SpokenSentence

__all__ = ["Recording", "Studio", "ahead"]

_SENTENCES_AHEAD = 32
"""So many wait for a slow reader, some megabytes at most, while the worker speaks for another."""

_Result = TypeVar("_Result")

Piece = tuple[bytes, float]
"""Bytes, and how many seconds of audio they add."""


class Studio:
    """A few threads that encode for all requests; more of them would only slow the speaking."""

    def __init__(self, encoders: int) -> None:
        self._threads = ThreadPoolExecutor(encoders, thread_name_prefix="encoder")

    def record(self, answer: Answer, output: Output) -> Recording:
        """Return the answer in the encoding that was asked for."""
        return Recording(answer, output, self._threads)

    def close(self) -> None:
        """End the threads; what they are at is finished first."""
        self._threads.shutdown(cancel_futures=True)


class Recording:
    """One answer as bytes.

    Each sentence is resampled alone, so that a stream has the samples of a file.
    """

    def __init__(self, answer: Answer, output: Output, threads: ThreadPoolExecutor) -> None:
        self._sentences: AsyncIterator[SpokenSentence] = answer.sentences
        self._encoding = output.encoding
        self._threads = threads
        self._source_hz = answer.sample_rate_hz
        self._lufs = answer.loudness_lufs
        self.rate_hz = output.rate_hz or nearest_rate_hz(output.encoding, answer.sample_rate_hz)
        self._costly = ENCODINGS[output.encoding].is_costly or self.rate_hz != self._source_hz

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Yield a stream, a sentence a piece; the last one has what the encoder held back.

        Raises:
            NoAudioError: there was no sentence.
            VoxgateError: as the service raises them.
        """
        encoder, empty = StreamEncoder(self._encoding, self.rate_hz), True
        try:
            async with aclosing(ahead(self._sentences, most=_SENTENCES_AHEAD)) as sentences:
                async for sentence in sentences:
                    empty = False
                    pcm, data = await self._work(self._encode, encoder, sentence.pcm)
                    yield data, len(pcm) / self.rate_hz
        finally:
            await self.close()
        if empty:
            raise NoAudioError("the voice ended without a sentence")
        rest = await self._work(encoder.finish)
        if rest:
            yield rest, 0.0

    async def file(self) -> Piece:
        """Return a whole file with true sizes.

        Raises:
            NoAudioError, VoxgateError: as `pieces`.
        """
        try:
            waves = [
                await self._work(resample_pcm, sentence.pcm, self._source_hz, self.rate_hz)
                async for sentence in self._sentences
            ]
        finally:
            await self.close()
        if not waves:
            raise NoAudioError("the voice ended without a sentence")
        pcm = np.concatenate(waves)
        if self._lufs is not None:
            level = partial(levelled, lufs=self._lufs)
            pcm = await asyncio.get_running_loop().run_in_executor(
                self._threads, level, pcm, self.rate_hz
            )
        data = await self._work(encode_file, pcm, self.rate_hz, self._encoding)
        return data, len(pcm) / self.rate_hz

    async def close(self) -> None:
        """End the speaking, so that no worker goes on for nobody."""
        close = getattr(self._sentences, "aclose", None)  # generators have it, iterators need not
        if close is not None:
            await close()

    def _encode(
        self, encoder: StreamEncoder, pcm: NDArray[np.int16]
    ) -> tuple[NDArray[np.int16], bytes]:
        resampled = resample_pcm(pcm, self._source_hz, self.rate_hz)
        return resampled, encoder.encode(resampled)

    async def _work(self, job: Callable[..., _Result], *arguments: object) -> _Result:
        if not self._costly:
            return job(*arguments)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: job(*arguments))


async def ahead(
    sentences: AsyncIterator[SpokenSentence], *, most: int
) -> AsyncGenerator[SpokenSentence, None]:
    """Yield the same sentences, while up to `most` of the next are already being fetched.

    What ends them comes after those that were there before it. Leaving ends the fetching.
    """
    waiting: asyncio.Queue[SpokenSentence | Exception | None] = asyncio.Queue(most)

    async def fetch() -> None:
        try:
            async for sentence in sentences:
                await waiting.put(sentence)
            await waiting.put(None)
        except Exception as error:  # noqa: BLE001  # raised again, where it is waited for
            await waiting.put(error)

    fetching = asyncio.ensure_future(fetch())
    try:
        while (found := await waiting.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield found
    finally:
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)
