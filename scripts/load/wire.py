"""One HTTP/1.1 request on a bare socket, with the instant at which each piece of its body came.

A client library would add its own latency under load, and hide when the first audio byte was there.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["OK", "Address", "Answer", "Connection", "Request", "exchange"]

Address = tuple[str, int]
OK = 200
_PIECE_BYTES = 65_536
_NOT_KEPT = "audio/pcm"
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent; `body` is JSON where there is one."""

    path: str
    method: str = "GET"
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self, address: Address, *, keep_alive: bool = False) -> bytes:
        """Return the bytes on the wire."""
        content = b"" if self.body is None else json.dumps(self.body).encode()
        head = {"Host": f"{address[0]}:{address[1]}", **self.headers}
        if not keep_alive:
            head["Connection"] = "close"
        if self.body is not None:
            head |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; instants are of `time.monotonic`.

    `status` 0 is a connection that gave none. `is_whole` is false where the body broke off;
    `arrivals` says for each piece of the body when it came and how many bytes it has. `sha256`
    names the body; bare samples themselves are not kept, for a run of them would fill the memory.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    arrivals: tuple[tuple[float, int], ...]
    ended_at_s: float
    is_whole: bool
    fault: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is a 200 that did not break off."""
        return self.status == OK and self.is_whole

    @property
    def first_at_s(self) -> float | None:
        """When the first byte of the body came."""
        return self.arrivals[0][0] if self.arrivals else None

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class _Reading:
    """What was read of an answer until now, so that a break keeps it."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.pieces: list[bytes] = []
        self.digest = hashlib.sha256()
        self.arrivals: list[tuple[float, int]] = []

    def take(self, data: bytes) -> None:
        self.arrivals.append((time.monotonic(), len(data)))
        self.digest.update(data)
        if not self.headers.get("content-type", "").startswith(_NOT_KEPT):
            self.pieces.append(data)

    def end(self, *, is_whole: bool, fault: str | None = None) -> Answer:
        return Answer(
            status=self.status,
            headers=self.headers,
            body=b"".join(self.pieces),
            sha256=self.digest.hexdigest(),
            arrivals=tuple(self.arrivals),
            ended_at_s=time.monotonic(),
            is_whole=is_whole,
            fault=fault,
        )


class Connection:
    """A connection that may be asked again and again."""

    def __init__(
        self, address: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._address = address
        self.reader = reader
        self.writer = writer

    @staticmethod
    async def open(address: Address, *, receive_bytes: int | None = None) -> Connection:
        """Connect; `receive_bytes` bounds what the kernel keeps for a client that reads slowly.

        Raises:
            OSError: nobody listens there.
        """
        if receive_bytes is None:
            return Connection(address, *await asyncio.open_connection(*address))
        narrow = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, address)
        reader, writer = await asyncio.open_connection(sock=narrow, limit=receive_bytes)
        return Connection(address, reader, writer)

    async def send(self, request: Request, *, keep_alive: bool = True) -> None:
        """Send a request and read nothing."""
        self.writer.write(request.encode(self._address, keep_alive=keep_alive))
        await self.writer.drain()

    async def ask(self, request: Request, *, keep_alive: bool = True) -> Answer:
        """Send a request and read its answer to the end; a break is told, not raised."""
        reading = _Reading()
        try:
            await self.send(request, keep_alive=keep_alive)
            is_whole = await self._read(reading)
        except (OSError, EOFError, ValueError) as error:
            return reading.end(is_whole=False, fault=type(error).__name__)
        return reading.end(is_whole=is_whole)

    def close(self) -> None:
        """Close at once; what was not read is given up."""
        self.writer.transport.abort()

    async def _read(self, reading: _Reading) -> bool:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        reading.status = int(first.split(" ", 2)[1])
        parted = (line.partition(":") for line in lines if line)
        reading.headers |= {name.lower(): value.strip() for name, _, value in parted}
        if reading.status in _NO_BODY:
            return True
        if reading.headers.get("transfer-encoding", "").lower() == "chunked":
            return await self._read_chunks(reading)
        if "content-length" not in reading.headers:
            return await self._read_until_closed(reading)
        left = int(reading.headers["content-length"])
        while left:
            data = await self.reader.read(min(left, _PIECE_BYTES))
            if not data:
                return False
            reading.take(data)
            left -= len(data)
        return True

    async def _read_chunks(self, reading: _Reading) -> bool:
        """Read chunks; a body without the last, empty one broke off."""
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            reading.take((await self.reader.readexactly(size + 2))[:-2])
        await self.reader.readuntil(b"\r\n")
        return True

    async def _read_until_closed(self, reading: _Reading) -> bool:
        while data := await self.reader.read(_PIECE_BYTES):
            reading.take(data)
        return True


async def exchange(address: Address, request: Request, *, patience_s: float = 60.0) -> Answer:
    """Ask once, on a connection of its own; whatever goes wrong is in the answer."""
    nothing = _Reading()
    try:
        async with asyncio.timeout(patience_s):
            connection = await Connection.open(address)
            try:
                return await connection.ask(request, keep_alive=False)
            finally:
                connection.close()
    except TimeoutError:
        return nothing.end(is_whole=False, fault=f"no whole answer in {patience_s:g} s")
    except OSError as error:
        return nothing.end(is_whole=False, fault=type(error).__name__)
