"""What all of our pages have in common when they are served to one person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from voxgate.adapters.pages.desk import (
    HOST,
    MAX_BODY_BYTES,
    build_desk,
    open_socket,
    read_answer,
)
from voxgate.errors import CorpusError, ExternalServiceError

TOKEN = "t" * 43
URL = f"http://{HOST}:8123"


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: str


async def _take(request: Request) -> Response:
    note = await read_answer(request, Note, page="test", what="notes")
    if note.text == "fail":
        raise CorpusError("it cannot be")
    return JSONResponse(note.text)


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/take", _take, methods=["POST"])]
    app = build_desk("voxgate.adapters.listening", routes, token=TOKEN)
    return TestClient(app, base_url=f"{URL}/{TOKEN}")


def _send(client: TestClient, body: Any, **headers: str) -> Any:
    headers = {"Origin": URL, "Content-Type": "application/json", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("take", content=content, headers=headers)


def test_an_answer_of_its_own_page_is_read(client: TestClient) -> None:
    assert _send(client, {"text": "good"}).json() == "good"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"text": 1}, 400), ({"text": "", "more": 1}, 400), (b"not json", 400),
        (b"x" * (MAX_BODY_BYTES + 1), 413),
    ],
)  # fmt: skip
def test_another_answer_is_refused_with_the_reason(
    client: TestClient, body: Any, status: int
) -> None:
    refused = _send(client, body)
    assert (refused.status_code, bool(refused.json()["message"])) == (status, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"http://{HOST}:9999"},
        {"Content-Type": "text/plain"},
    ],
)  # fmt: skip
def test_an_answer_of_another_page_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    refused = _send(client, {"text": "good"}, **headers)
    assert refused.status_code == 403
    assert refused.json()["message"] == "notes come from the test page only"


def test_an_error_is_told_in_words_under_the_strict_headers(client: TestClient) -> None:
    answer = _send(client, {"text": "fail"})
    assert answer.status_code == 409
    assert answer.json() == {"error": "CorpusError", "message": "it cannot be"}
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_port_is_on_loopback_and_one_that_is_taken_is_named() -> None:
    with open_socket(0) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(ExternalServiceError, match=f"port {port} of 127.0.0.1: .* in use"):
            open_socket(port)
