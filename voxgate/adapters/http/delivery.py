"""Send speech while it is made: to readers who leave, who are slow, and who must see a break.

After its first byte an answer cannot become a problem any more. One that breaks off ends without
the mark that ends a chunked body (or, as events, with an error and no `done`), so that nobody takes
half a sentence for the whole.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from voxgate.adapters.http.faults import BrokenAnswerError, GoneAwayError, SlowReaderError

__all__ = ["Pieces", "SpeechStream", "as_events", "as_sound", "begun", "unless_gone"]

Pieces = AsyncGenerator[tuple[bytes, float], None]
"""Bytes, and how many seconds of audio they add."""

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")
_HUNDREDTHS = 100


async def unless_gone(request: Request, work: Coroutine[Any, Any, _Result]) -> _Result:
    """Return what `work` returns; when the client leaves before that, the work is cancelled.

    Call it after the body was read.

    Raises:
        GoneAwayError: the client left.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_until_gone(request.receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise GoneAwayError("the client left before its answer began")
        return task.result()
    finally:
        await _end(task, gone)


async def begun(request: Request, pieces: Pieces) -> Pieces:
    """Return the same pieces when the first is there: what fails before it still has a status.

    Raises:
        GoneAwayError: the client left.
        VoxgateError: whatever ended the pieces.
    """
    first = await unless_gone(request, anext(pieces))
    return _joined(first, pieces)


async def as_sound(pieces: Pieces, *, name: str) -> Pieces:
    """Pass pieces on; `name` is the request's, for the log.

    Raises:
        BrokenAnswerError: instead of what broke, whose words may be the caller's.
    """
    async with aclosing(pieces):
        try:
            async for piece in pieces:
                yield piece
        except Exception as error:  # noqa: BLE001  # its words may be a text, and go no further
            _LOGGER.warning("request %s broke off: %s", name, type(error).__name__)
            raise BrokenAnswerError(f"request {name} broke off") from None


async def as_events(
    pieces: Pieces, *, characters: int, problem: Callable[[Exception], Mapping[str, Any]]
) -> Pieces:
    """Yield OpenAI's events: deltas, and at the end `done`, or the `problem` that ended it.

    Raises:
        BrokenAnswerError: after the event that tells of it.
    """
    audio_s = told_s = 0.0
    async with aclosing(pieces):
        try:
            async for data, seconds in pieces:
                audio_s += seconds
                if not data:
                    continue  # the encoder holds it back
                delta = base64.b64encode(data).decode("ascii")
                yield _event({"type": "speech.audio.delta", "audio": delta}), audio_s - told_s
                told_s = audio_s
        except Exception as error:  # noqa: BLE001  # the client is told of any of them
            yield _event({**problem(error), "type": "speech.audio.error"}), 0.0
            raise BrokenAnswerError("told as an event") from None
    hundredths = round(audio_s * _HUNDREDTHS)
    usage = {"input_tokens": characters, "output_tokens": hundredths}
    usage["total_tokens"] = sum(usage.values())
    yield _event({"type": "speech.audio.done", "usage": usage}), 0.0


class SpeechStream(Response):
    """A body of pieces that are still to be made; `ended` is told once what became of it.

    `patience_s` is how much longer than the audio plays the reader may block the writing.
    """

    def __init__(
        self,
        pieces: Pieces,
        *,
        media_type: str,
        headers: Mapping[str, str],
        patience_s: float,
        ended: Callable[[str], None],
    ) -> None:
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.init_headers(headers)
        self._pieces = pieces
        self._patience_s, self._ended = patience_s, ended

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all, unless the reader leaves.

        Raises:
            BrokenAnswerError: the body is not whole; the server then cuts the connection.
        """
        outcome = "broken"
        work = asyncio.ensure_future(self._send(send))
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            outcome = "broken" if work.done() else "left"
            if work.done():
                work.result()
                outcome = "spoken"
        finally:
            await _end(work, gone)
            await self._pieces.aclose()
            self._ended(outcome)

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Set the headers; there is no length to tell."""
        told = {"content-type": self.media_type or "", **(headers or {})}
        self.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in told.items()
        ]

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        loop, allowed_s = asyncio.get_running_loop(), self._patience_s
        async for data, seconds in self._pieces:
            allowed_s += seconds
            begun_s = loop.time()
            try:
                async with asyncio.timeout(max(0.0, allowed_s)):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            except TimeoutError:
                raise SlowReaderError("the reader is slower than the audio plays") from None
            allowed_s -= loop.time() - begun_s
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still runs, and wait until it has put its things away."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _joined(first: tuple[bytes, float], rest: Pieces) -> Pieces:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


def _event(value: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=True).encode("ascii") + b"\n\n"
