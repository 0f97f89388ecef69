"""Streams against readers and speakers that a test holds in its hands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import pytest

from voxgate.adapters.http.delivery import SpeechStream, as_events, as_sound
from voxgate.adapters.http.faults import BrokenAnswerError, SlowReaderError
from voxgate.errors import TextError

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
PIECES = [(b"one", 0.5), (b"two", 0.25)]


class Speaker:
    """Pieces, then a fault if there is one; `closed` tells whether it was ended."""

    def __init__(self, *, fault: Exception | None = None, pause_s: float = 0.0) -> None:
        self.fault, self.pause_s, self.closed = fault, pause_s, False

    async def pieces(self) -> AsyncGenerator[tuple[bytes, float], None]:
        try:
            for piece in PIECES:
                yield piece
                await asyncio.sleep(self.pause_s)
            if self.fault is not None:
                raise self.fault
        finally:
            self.closed = True


async def never() -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


async def at_once() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def stream(speaker: Speaker, outcomes: list[str], patience_s: float = 5.0) -> SpeechStream:
    return SpeechStream(
        as_sound(speaker.pieces(), name="r1"),
        media_type="audio/wav",
        headers={"X-Some": "thing"},
        patience_s=patience_s,
        ended=outcomes.append,
    )


def test_every_piece_is_sent_and_the_end_is_told_once() -> None:
    speaker, outcomes, sent = Speaker(), list[str](), list[dict[str, Any]]()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(stream(speaker, outcomes)({}, never, send))  # type: ignore[arg-type]
    assert dict(sent[0]["headers"]) == {b"content-type": b"audio/wav", b"x-some": b"thing"}
    assert [(m["body"], m["more_body"]) for m in sent[1:]] == [
        (b"one", True), (b"two", True), (b"", False),
    ]  # fmt: skip
    assert outcomes == ["spoken"]
    assert speaker.closed


def test_a_reader_who_takes_nothing_ends_the_speaking() -> None:
    speaker, outcomes = Speaker(), list[str]()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    with pytest.raises(SlowReaderError):
        asyncio.run(stream(speaker, outcomes, patience_s=-0.45)({}, never, send))  # type: ignore[arg-type]
    assert outcomes == ["broken"]
    assert speaker.closed


def test_a_reader_may_be_as_slow_as_the_audio_plays() -> None:
    outcomes = list[str]()

    async def send(message: dict[str, Any]) -> None:
        await asyncio.sleep(0.1 if message.get("body") else 0)

    asyncio.run(stream(Speaker(), outcomes, patience_s=0.0)({}, never, send))  # type: ignore[arg-type]
    assert outcomes == ["spoken"]


def test_a_reader_who_leaves_ends_the_speaking() -> None:
    speaker, outcomes = Speaker(pause_s=60), list[str]()

    async def send(_message: dict[str, Any]) -> None:
        await asyncio.sleep(0.05)

    asyncio.run(stream(speaker, outcomes)({}, at_once, send))  # type: ignore[arg-type]
    assert outcomes == ["left"]


@pytest.mark.parametrize("fault", [TextError("a text"), RuntimeError("a text")])
def test_what_broke_is_not_told_in_its_own_words(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    speaker, outcomes = Speaker(fault=fault), list[str]()

    async def send(_message: dict[str, Any]) -> None:
        pass

    with pytest.raises(BrokenAnswerError) as broken:
        asyncio.run(stream(speaker, outcomes)({}, never, send))  # type: ignore[arg-type]
    assert outcomes == ["broken"]
    assert "a text" not in str(broken.value) + caplog.text
    assert type(fault).__name__ in caplog.text


def test_events_skip_what_the_encoder_holds_back() -> None:
    async def pieces() -> AsyncGenerator[tuple[bytes, float], None]:
        for piece in [(b"", 1.0), (b"ab", 0.5), (b"c", 0.0)]:
            yield piece

    async def collected() -> list[tuple[bytes, float]]:
        made = as_events(pieces(), characters=3, problem=lambda _error: {})
        return [piece async for piece in made]

    found = asyncio.run(collected())
    assert [seconds for _, seconds in found] == [1.5, 0.0, 0.0]
    events = [json.loads(data.removeprefix(b"data: ")) for data, _ in found]
    assert [event.get("audio") for event in events] == ["YWI=", "Yw==", None]
    assert events[-1]["usage"] == {"input_tokens": 3, "output_tokens": 150, "total_tokens": 153}
