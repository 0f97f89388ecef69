"""Bodies over the app: sizes, types, and JSON that says a thing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH
from tests.fakes.speech_service import FakeSpeechService

JSON = {"Content-Type": "application/json"}


def post(client: TestClient, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    answer = client.post("/v1/audio/speech", content=body, headers=headers or JSON)
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"input": NaN}', b'{"input": "\\ud800',
        b"[" * 200_000, b'{"a": Infinity}', b'{"n": ' + b"9" * 10_000 + b"}",
    ],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_json_object_is_refused(
    client: TestClient, service: FakeSpeechService, body: bytes
) -> None:
    assert post(client, body) == (400, "not_json")
    assert service.asked == []


def test_a_field_that_comes_twice_is_refused(client: TestClient) -> None:
    body = json.dumps(SPEECH).replace('"model"', '"voice": "ben", "model"').encode()
    assert post(client, body) == (400, "duplicate_parameter")


def test_text_that_is_no_unicode_is_refused(client: TestClient) -> None:
    body = json.dumps(SPEECH).replace("Hello", "\\ud800").encode()
    assert post(client, body) == (400, "invalid_value")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_browser_sends_unasked_is_refused(client: TestClient, kind: str) -> None:
    assert post(client, json.dumps(SPEECH).encode(), {"Content-Type": kind}) == (400, "not_json")


def test_a_body_that_says_it_is_large_is_not_read(
    client: TestClient, service: FakeSpeechService
) -> None:
    answer = client.post("/v1/audio/speech", content=b"x" * 1_000_001, headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert service.asked == []


def test_a_body_of_unknown_length_is_read_no_further_than_it_may_be(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    answer = client.post("/v1/audio/speech", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_every_wrong_field_is_told(client: TestClient) -> None:
    answer = client.post("/v1/audio/speech", json={"input": "", "speed": 9, "volume": 1})
    detail = answer.json()["detail"]
    for name in ("input", "model", "voice", "speed", "volume"):
        assert f"{name}: " in detail
