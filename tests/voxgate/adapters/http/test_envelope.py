"""What is around every request, whatever the app behind it does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from voxgate.adapters.http.envelope import Envelope

WORDS = "somebody's text"
SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}


def answered(app: Any, headers: list[tuple[bytes, bytes]] | None = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(Envelope(app)({**SCOPE, "headers": headers or []}, receive, send))
    return sent


async def fine(scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"cache-control", b"max-age=5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": scope["state"]["trace"].request_id.encode()})


async def failing(_scope: Any, _receive: Any, _send: Any) -> None:
    raise KeyError(WORDS)


async def failing_late(scope: Any, receive: Any, send: Any) -> None:
    await fine(scope, receive, send)
    raise KeyError("late")


def test_an_answer_has_the_names_of_its_request_and_keeps_its_own_headers() -> None:
    start, body = answered(fine, [(b"x-request-id", b"r-1")])
    headers = dict(start["headers"])
    assert headers[b"x-request-id"] == body["body"] == b"r-1"
    assert headers[b"cache-control"] == b"max-age=5"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"traceparent"].startswith(b"00-")


def test_what_nobody_expected_is_a_problem_and_its_words_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    start, body = answered(failing)
    assert start["status"] == 500
    assert b"internal_error" in body["body"]
    assert b"somebody" not in body["body"]
    assert "KeyError" in caplog.text
    assert "somebody" not in caplog.text
    assert "in failing" in caplog.text


def test_what_fails_late_is_left_to_the_server() -> None:
    with pytest.raises(KeyError):
        answered(failing_late)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"1"), (b"content-length", b"1")],
        [(b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
        [(b"host", b"a"), (b"host", b"b")],
        [(b"authorization", b"a"), (b"authorization", b"b")],
    ],
)
def test_ambiguous_framing_never_reaches_the_app(headers: list[tuple[bytes, bytes]]) -> None:
    start, body = answered(failing, headers)
    assert start["status"] == 400
    assert b"ambiguous_request" in body["body"]
    assert dict(start["headers"])[b"connection"] == b"close"


def test_other_protocols_pass() -> None:
    seen = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(Envelope(app)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
