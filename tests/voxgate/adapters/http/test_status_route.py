from __future__ import annotations

import re

from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH, MemoryKeys
from tests.fakes.speech_service import LANES, LIVE_SINCE, FakeSpeechService
from voxgate.errors import OverloadedError


def test_it_tells_what_a_person_wants_to_know(client: TestClient) -> None:
    status = client.get("/v1/status").json()
    assert (status["version"], status["ready"], status["degraded"]) == ("1.2.3", True, ["redis"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", status["started_at"])
    assert status["models"] == [{"id": "voice-en", "live": 7, "live_since": LIVE_SINCE}]
    assert status["lanes"] == LANES
    assert status["recent"] == {"window_s": 300, "first_audio_s": {}, "real_time_factor": {}}
    assert status["since_start"] == {"outcomes": {}, "cache": {}, "not_begun": {}}


def test_what_was_asked_is_counted_by_lane_and_outcome(
    client: TestClient, service: FakeSpeechService
) -> None:
    for _ in range(3):
        assert client.post("/v1/audio/speech", json=SPEECH).status_code == 200
    assert client.post("/v1/audio/speech", json={**SPEECH, "voice": "nobody"}).status_code == 404
    service.fault = OverloadedError("full", retry_after_s=1)
    assert client.post("/v1/audio/speech", json=SPEECH).status_code == 429
    status = client.get("/v1/status").json()
    assert status["since_start"] == {
        "outcomes": {"real_time": {"spoken": 3, "refused": 1, "overloaded": 1}},
        "cache": {"miss": 3},
        "not_begun": {"queue_full": 1},
    }
    first = status["recent"]["first_audio_s"]["real_time"]
    assert first["count"] == 3
    assert 0 < first["p50"] <= first["p95"] <= first["p99"]
    factor = status["recent"]["real_time_factor"]["real_time"]
    assert factor["count"] == 3
    assert factor["p50"] > 0
    assert "hello" not in str(status).lower()


def test_any_valid_key_reads_it_and_nobody_else(remote: TestClient, keys: MemoryKeys) -> None:
    assert remote.get("/v1/status").status_code == 401
    assert remote.get("/v1/status", headers=keys.issue(rights=["jobs"])).status_code == 200
