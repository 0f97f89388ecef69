"""The HTTP app over a fake service as a `Site` of the load report, and a server of known delays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripts.load.target import Target
from scripts.load.wire import Address
from tests.fakes.http_service import ANONYMOUS, anonymous_app
from tests.fakes.live_server import HOST, live_server
from tests.fakes.speech_service import MODEL, VOICES, FakeSpeechService
from voxgate.serving.ports import Answer, Caller
from voxgate.serving.requests import SpeechRequest


@dataclass
class RememberingService(FakeSpeechService):
    """Says where the audio of a text comes from, as a service does that makes each of them once."""

    known: set[SpeechRequest] = field(default_factory=set)

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        answer = await super().say(request, caller=caller, deadline_s=deadline_s)
        cache = "join" if request in self.known else "miss"
        self.known.add(request)
        return replace(answer, cache=cache)


@dataclass
class ForgetfulService(FakeSpeechService):
    """After `sound` requests it says what the one before had asked for: shared state, as found."""

    sound: int = 10

    async def say(
        self, request: SpeechRequest, *, caller: Caller, deadline_s: float | None = None
    ) -> Answer:
        mixed_up = len(self.asked) == self.sound
        spoken = self.asked[-1][0] if mixed_up else request
        return await super().say(spoken, caller=caller, deadline_s=deadline_s)


@dataclass
class FakeSite:
    """Implements `Site`; each start is a service of its own, `make(number)`."""

    make: Callable[[int], FakeSpeechService]
    root: Path | None = None
    starts: int = 0
    _open: ExitStack = field(default_factory=ExitStack)

    def start(self) -> Target:
        service = self.make(self.starts)
        self.starts += 1
        settings = replace(ANONYMOUS, open_metrics=True)
        port = self._open.enter_context(live_server(anonymous_app(service, settings)))
        return Target(
            address=(HOST, port), pid=os.getpid(), model=MODEL, voices=VOICES, batch_headers=None
        )

    def stop(self) -> None:
        self._open.close()

    def kill(self) -> None:
        raise AssertionError("a thread cannot be killed")


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(handle: Handler) -> AsyncIterator[Address]:
    """Yield the address of a server that handles connections until each of them has ended."""
    begun: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun.append(asyncio.ensure_future(handle(reader, writer)))
        await asyncio.wait(begun[-1:])
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, HOST, 0, backlog=512) as server:
        yield server.sockets[0].getsockname()
        if begun:
            await asyncio.wait(begun)
        await asyncio.sleep(0.01)  # the transports close


@asynccontextmanager
async def slow_server(
    *, service_s: float = 0.0, pauses_s: tuple[float, ...] = (), last_chunk: bool = True
) -> AsyncIterator[Address]:
    """Answer one request at a time, each after `service_s`: two pieces of 960 bytes, chunked.

    `pauses_s` holds what the first ones take besides.
    """
    one_at_a_time, served = asyncio.Lock(), 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await reader.readuntil(b"\r\n\r\n")
        async with one_at_a_time:
            extra_s = pauses_s[served] if served < len(pauses_s) else 0.0
            served += 1
            await asyncio.sleep(service_s + extra_s)
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Audio-Sample-Rate: 24000\r\n\r\n"
        writer.write(head.encode() + 2 * (b"3c0\r\n" + bytes(960) + b"\r\n"))
        writer.write(b"0\r\n\r\n" if last_chunk else b"")
        await writer.drain()

    async with answering(handle) as address:
        yield address
