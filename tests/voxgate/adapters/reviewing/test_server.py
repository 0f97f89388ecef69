"""The review page over HTTP, with a real room on a small import: what is let in, what is told."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import soundfile
from starlette.testclient import TestClient

from tests.fakes.review_site import HOSTILE, create_review_site, enter_review
from voxgate.adapters.pages.desk import HOST
from voxgate.adapters.reviewing.server import build_app
from voxgate.corpus.cutting.decisions import read_log
from voxgate.corpus.cutting.records import clip_path
from voxgate.stage import Workspace

TOKEN = "t" * 43
URL = f"http://{HOST}:8123"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_review_site(tmp_path / "checkout")


@pytest.fixture
def client(workspace: Workspace) -> TestClient:
    return TestClient(build_app(enter_review(workspace), token=TOKEN), base_url=f"{URL}/{TOKEN}")


def _decide(client: TestClient, answer: Any, number: int = 0, **headers: str) -> Any:
    headers = {"Origin": URL, "Content-Type": "application/json", **headers}
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return client.post(f"clips/{number}/decision", content=body, headers=headers)


def test_the_page_brings_everything_that_it_needs(client: TestClient) -> None:
    page = client.get("")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in re.findall(r'(?:href|src)="([^"]+)"', page.text):
        assert client.get(name).status_code == 200
    for text in (page.text, client.get("page.css").text, client.get("page.js").text):
        assert not re.search(r"https?://|//cdn|@import|innerHTML|style=", text)


def test_a_clip_is_told_and_heard_by_its_number(client: TestClient) -> None:
    room = client.get("room").json()
    assert (room["reviewer"], room["doubtful"], len(room["states"])) == ("anna on studio", 3, 5)
    clip = client.get("clips/0").json()
    assert clip["text"] == "this one is doubtful"
    audio = client.get("clips/0/audio.flac")
    assert audio.headers["content-type"] == "audio/flac"
    wave, rate_hz = soundfile.read(io.BytesIO(audio.content))
    assert round(1000 * len(wave) / rate_hz) == clip["duration_ms"]


def test_a_decision_is_kept_and_answered_with_how_all_stand(
    client: TestClient, workspace: Workspace
) -> None:
    told = _decide(client, {"decision": "reject", "seen": 0}, 1).json()
    assert told["states"] == ["open", "reject", "open", "open", "open"]
    assert (told["clip"]["decision"]["by"], told["clip"]["seen"]) == ("anna on studio", 1)
    (decision,) = read_log(workspace.data_dir)
    assert decision.was["text"] == f"{HOSTILE} speaks"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/room", f"/{TOKEN[:-1]}/room", f"/{TOKEN}/../room", f"/{TOKEN}/page.html",
        f"/{TOKEN}/clips/5", f"/{TOKEN}/clips/-1", f"/{TOKEN}/clips/5/audio.flac",
        f"/{TOKEN}/clips/0/..%2f..%2fmanifest.csv", f"/{TOKEN}/clips/0/x.flac",
        f"/{TOKEN}/clips/..%2f0", f"/{TOKEN}/%2e%2e/params.yaml",
    ],
)  # fmt: skip
def test_outside_the_token_and_the_known_numbers_there_is_nothing(
    client: TestClient, path: str
) -> None:
    assert client.get(f"{URL}{path}").status_code == 404


@pytest.mark.parametrize("host", ["evil.example:8123", "localhost:8123", ""])
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("room", headers={"Host": host})
    assert answer.status_code == 400
    assert "states" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": ""}, {"Content-Type": "text/plain"}]
)
def test_a_decision_from_another_page_is_refused(
    client: TestClient, workspace: Workspace, headers: dict[str, str]
) -> None:
    answer = _decide(client, {"decision": "reject", "seen": 0}, **headers)
    assert answer.status_code == 403
    assert answer.json()["message"] == "decisions come from the review page only"
    assert read_log(workspace.data_dir) == []
    assert client.get("clips/0/decision").status_code == 405


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, 400),
        ({"decision": "maybe", "seen": 0}, 400),
        ({"decision": "reject"}, 400),
        ({"decision": "reject", "seen": 0, "clip": "another"}, 400),
        ({"decision": "accept", "seen": 0, "text": "x" * 1001}, 400),
        ({"decision": "accept", "seen": 0, "text": "a", "trim_ms": [0]}, 400),
        ({"decision": "accept", "seen": 0, "text": "a", "trim_ms": ["0", "x"]}, 400),
        ({"decision": "accept", "seen": 0, "text": "a", "trim_ms": [0, 90000]}, 409),
        ({"decision": "accept", "seen": 0, "text": ""}, 409),
        (b"not json", 400),
        (b"x" * 9000, 413),
    ],
)
def test_a_broken_decision_is_refused_with_the_reason(
    client: TestClient, workspace: Workspace, answer: Any, status: int
) -> None:
    refused = _decide(client, answer)
    assert refused.status_code == status
    assert refused.json()["message"]
    assert read_log(workspace.data_dir) == []


def test_every_answer_carries_the_strict_headers(client: TestClient) -> None:
    for path in ("", "page.js", "room", "clips/0/audio.flac", "nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


def test_a_clip_that_is_gone_or_leads_elsewhere_is_told_in_words(
    client: TestClient, workspace: Workspace, tmp_path: Path
) -> None:
    name = clip_path(client.get("clips/0").json()["clip"])
    path = workspace.data_dir / name
    path.unlink()
    answer = client.get("clips/0/audio.flac")
    assert (answer.status_code, answer.json()["error"]) == (409, "CorpusError")
    (tmp_path / "secret").write_text("secret")
    path.symlink_to(tmp_path / "secret")
    answer = client.get("clips/0/audio.flac")
    assert (answer.status_code, answer.json()["error"]) == (409, "UnsafePathError")
