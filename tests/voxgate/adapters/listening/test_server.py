"""The page over HTTP, with a room in memory: what is let in, and what is told before the vote."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from voxgate.adapters.listening.server import build_app
from voxgate.adapters.pages.desk import HOST
from voxgate.errors import EvidenceChangedError, ExternalServiceError, VoxgateError
from voxgate.release.listening.room import Answer
from voxgate.release.listening.session import Trial

TOKEN = "t" * 43
URL = f"http://{HOST}:8123"
ORIGIN = {"Origin": URL}


@dataclass
class MemoryRoom:
    """Implements the port `Room`: two prompts, heard in pairs or alone."""

    sides: int = 2
    votes: dict[int, Answer] = field(default_factory=dict)
    fault: VoxgateError | None = None

    @property
    def trials(self) -> list[Trial]:
        order = (2, 1)[: self.sides]
        return [Trial(prompt_id=f"p{n}", seed_index=0, order=order) for n in range(2)]

    def overview(self) -> dict[str, Any]:
        return {"voted": [number in self.votes for number in range(2)]}

    def trial(self, number: int) -> dict[str, Any]:
        return {"text": f"prompt {number}", "reveal": number in self.votes}

    def audio(self, number: int, side: int) -> bytes:
        if self.fault is not None:
            raise self.fault
        return f"RIFF {number} {side}".encode()

    def vote(self, number: int, answer: Answer) -> dict[str, Any]:
        self.votes[number] = answer
        return self.trial(number)

    def result(self) -> dict[str, Any]:
        return {"votes": len(self.votes)}


@pytest.fixture
def room() -> MemoryRoom:
    return MemoryRoom()


@pytest.fixture
def client(room: MemoryRoom) -> TestClient:
    return TestClient(build_app(room, token=TOKEN), base_url=f"{URL}/{TOKEN}")


def _vote(client: TestClient, answer: Any, number: int = 0, **headers: str) -> Any:
    headers = {**ORIGIN, "Content-Type": "application/json", **headers}
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return client.post(f"trials/{number}/vote", content=body, headers=headers)


def test_the_page_brings_everything_that_it_needs(client: TestClient) -> None:
    page = client.get("")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert client.get(name).status_code == 200
    for text in (page.text, client.get("page.css").text, client.get("page.js").text):
        assert not re.search(r"https?://|//cdn|@import|innerHTML|style=", text)


def test_a_vote_is_stored_and_answered_with_what_it_reveals(
    client: TestClient, room: MemoryRoom
) -> None:
    assert client.get("trials/1").json() == {"text": "prompt 1", "reveal": False}
    answer = _vote(client, {"choice": "b", "note": "hum"}, 1)
    assert (answer.status_code, answer.json()["reveal"]) == (200, True)
    assert (room.votes[1].side, room.votes[1].note) == (1, "hum")
    assert _vote(client, {"choice": "same"}).status_code == 200
    assert room.votes[0].side is None
    assert client.get("room").json() == {"voted": [True, True]}
    assert client.get("result").json() == {"votes": 2}


def test_each_side_is_a_wave_and_there_is_no_third(client: TestClient) -> None:
    assert client.get("trials/1/b.wav").content == b"RIFF 1 1"
    assert client.get("trials/0/a.wav").headers["content-type"] == "audio/wav"
    for path in ("trials/0/c.wav", "trials/2/a.wav", "trials/2", "trials/-1", "trials/0/ab.wav"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/", "/room", f"/{TOKEN[:-1]}/room", f"/{TOKEN}x/room", f"/{TOKEN}/../room",
        f"/{TOKEN}/page.html", f"/{TOKEN}/..%2f..%2fparams.yaml", f"/{TOKEN}/%2e%2e/params.yaml",
        f"/{TOKEN}/trials/0/..%2f..%2f..%2fa.wav", "/docs", "/openapi.json",
    ],
)  # fmt: skip
def test_outside_the_token_and_the_known_names_there_is_nothing(
    client: TestClient, path: str
) -> None:
    assert client.get(f"{URL}{path}").status_code == 404


@pytest.mark.parametrize("host", ["evil.example:8123", "localhost:8123", "127.0.0.1.nip.io", ""])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("room", headers={"Host": host})
    assert answer.status_code == 400
    assert "voted" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}:9999"},
        {"Origin": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_a_vote_from_another_page_is_refused(
    client: TestClient, room: MemoryRoom, headers: dict[str, str]
) -> None:
    answer = _vote(client, {"choice": "a"}, **headers)
    assert answer.status_code == 403
    assert answer.json()["message"] == "votes come from the listening page only"
    assert not room.votes
    assert client.get("trials/0/vote").status_code == 405


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, 400),
        ({"choice": "c"}, 400),
        ({"choice": "a", "rating": 3}, 400),
        ({"rating": 3}, 400),
        ({"choice": "a", "version": 2}, 400),
        ({"choice": "a", "note": "x" * 501}, 400),
        ({"choice": "a", "note": 7}, 400),
        (b"not json", 400),
        (b"x" * 9000, 413),
    ],
)
def test_a_broken_vote_is_refused_with_the_reason(
    client: TestClient, room: MemoryRoom, answer: Any, status: int
) -> None:
    refused = _vote(client, answer)
    assert refused.status_code == status
    assert refused.json()["message"]
    assert not room.votes


def test_a_version_alone_is_rated(room: MemoryRoom) -> None:
    room.sides = 1
    client = TestClient(build_app(room, token=TOKEN), base_url=f"{URL}/{TOKEN}")
    assert _vote(client, {"rating": 4}).status_code == 200
    assert room.votes[0].rating == 4
    for answer in ({"choice": "a"}, {"rating": 0}, {"rating": 6}, {"rating": "4"}):
        assert _vote(client, answer, 1).status_code == 400
    assert client.get("trials/0/b.wav").status_code == 404


def test_every_answer_carries_the_strict_headers(client: TestClient) -> None:
    for path in ("", "page.js", "room", "trials/0/a.wav", "nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


def test_an_error_is_told_in_words(client: TestClient, room: MemoryRoom) -> None:
    room.fault = EvidenceChangedError("it was altered")
    answer = client.get("trials/0/a.wav")
    assert (answer.status_code, answer.json()) == (
        409, {"error": "EvidenceChangedError", "message": "it was altered"}
    )  # fmt: skip
    room.fault = ExternalServiceError("MLflow is away")
    assert client.get("trials/0/a.wav").status_code == 503
