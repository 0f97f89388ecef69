from __future__ import annotations

import asyncio
import hashlib

from scripts.load.wire import Answer, Connection, Request, exchange
from tests.fakes.live_server import HOST
from tests.fakes.load_site import Handler, answering


def answered(*parts: bytes, pause_s: float = 0.0, patience_s: float = 5.0) -> tuple[Answer, bytes]:
    """Return what is made of bytes that a server sends, and what it was sent."""
    asked = bytearray()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.extend(await reader.readuntil(b"}"))
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    async def ask() -> Answer:
        async with answering(answer) as address:
            request = Request(method="POST", path="/p", body={"a": 1}, headers={"X-Y": "z"})
            return await exchange(address, request, patience_s=patience_s)

    return asyncio.run(ask()), bytes(asked)


def test_the_request_is_one_of_http() -> None:
    _, asked = answered(b"HTTP/1.1 204 No Content\r\n\r\n")
    head, _, body = asked.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /p HTTP/1.1"
    assert {"Connection: close", "X-Y: z", "Content-Length: 8"} <= set(lines)
    assert body == b'{"a": 1}'


def test_each_chunk_has_its_instant() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer, _ = answered(head, b"3\r\nabc\r\n", b"2;x=y\r\nde\r\n", b"0\r\n\r\n", pause_s=0.05)
    assert (answer.status, answer.body, answer.is_good) == (200, b"abcde", True)
    assert [size for _, size in answer.arrivals] == [3, 2]
    assert answer.arrivals[1][0] - answer.arrivals[0][0] >= 0.04


def test_bare_samples_are_named_and_not_kept() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/pcm\r\nContent-Length: 4\r\n\r\n"
    answer, _ = answered(head, b"abcd")
    assert answer.is_good
    assert (answer.body, answer.sha256) == (b"", hashlib.sha256(b"abcd").hexdigest())


def test_what_breaks_off_is_not_whole() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
    sized = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"
    for answer, _ in (answered(chunked), answered(sized)):
        assert (answer.status, answer.body, answer.is_whole) == (200, b"abc", False)


def test_who_gives_no_answer_has_the_status_0() -> None:
    silent, _ = answered(pause_s=0.0)
    late, _ = answered(b"HTTP/1.1 200 OK\r\n", pause_s=1.0, patience_s=0.1)
    assert (silent.status, silent.is_whole, silent.fault) == (0, False, "IncompleteReadError")
    assert (late.status, late.fault) == (0, "no whole answer in 0.1 s")


def test_nobody_there_is_told_and_not_raised() -> None:
    answer = asyncio.run(exchange((HOST, 1), Request(path="/")))
    assert (answer.status, answer.fault) == (0, "ConnectionRefusedError")


def test_a_connection_is_asked_again() -> None:
    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for body in (b"one", b"two"):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + body)
        await writer.drain()

    assert asyncio.run(_asked_twice(twice)) == [b"one", b"two"]


async def _asked_twice(handle: Handler) -> list[bytes]:
    async with answering(handle) as address:
        connection = await Connection.open(address)
        try:
            return [(await connection.ask(Request(path="/"))).body for _ in range(2)]
        finally:
            connection.close()
