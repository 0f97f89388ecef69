"""What every address answers, whoever asks, and who may ask it."""

from __future__ import annotations

import json
import warnings

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import ANONYMOUS, SPEECH, MemoryKeys, MovedClock, anonymous_app
from tests.fakes.speech_service import LIVE_SINCE, FakeSpeechService
from voxgate.adapters.http.app import create_app
from voxgate.errors import ConfigError, ExternalServiceError


class Unasked:
    """Stands for a desk or a catalogue of which nothing is asked."""

    signer = counts = None


def test_lists_are_what_openai_and_other_clients_read(client: TestClient) -> None:
    models = client.get("/v1/models").json()
    assert models["object"] == "list"
    assert models["data"] == [
        {
            "id": "voice-en", "object": "model", "owned_by": "voxgate", "created": 0, "live": 7,
            "live_since": LIVE_SINCE,
        }
    ]  # fmt: skip
    assert [voice["id"] for voice in client.get("/v1/audio/voices").json()["voices"]] == [
        "anna", "ben",
    ]  # fmt: skip
    assert client.get("/v1/presets").json()["presets"][0]["id"] == "telephone@1"


@pytest.mark.parametrize("ready", [True, False])
def test_readiness_is_told_apart_from_life(service: FakeSpeechService, ready: bool) -> None:
    service.ready = ready
    client = TestClient(anonymous_app(service))
    assert client.get("/livez").status_code == 200
    for path in ("/readyz", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == (200 if ready else 503)
        assert answer.json()["degraded"] == ["redis"]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/version"])
def test_health_needs_no_key(remote: TestClient, path: str) -> None:
    assert remote.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/v1/models", "/v1/audio/voices", "/v1/presets", "/metrics"])
def test_everything_else_needs_one(remote: TestClient, path: str) -> None:
    answer = remote.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["error"]["type"] == "authentication_error"


def test_metrics_need_their_right(remote: TestClient, keys: MemoryKeys) -> None:
    speaker, watcher = keys.issue(), keys.issue(rights=["metrics"])
    assert remote.get("/metrics", headers=speaker).status_code == 403
    page = remote.get("/metrics", headers=watcher)
    assert 'voxgate_queue_depth{lane="real_time"} 2.0' in page.text
    assert 'voxgate_build_info{version="1.2.3"} 1.0' in page.text
    assert remote.post("/v1/audio/speech", json=SPEECH, headers=watcher).status_code == 403


def test_what_is_not_there_is_a_problem_too(client: TestClient) -> None:
    for answer, status in ((client.get("/nothing"), 404), (client.get("/v1/audio/speech"), 405)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_the_upstream_dialect_is_there_only_when_it_is_asked_for(
    remote: TestClient, keys: MemoryKeys
) -> None:
    for path in ("/tts", "/control", "/set_gpt_weights"):
        assert remote.get(path, headers=keys.issue()).status_code == 404


def test_the_schema_can_be_read_alone(client: TestClient) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = client.get("/openapi.json").json()
    assert "$ref" not in json.dumps(schema)
    body = schema["paths"]["/v1/audio/speech"]["post"]["requestBody"]["content"]
    assert body["application/json"]["schema"]["required"] == ["input", "model", "voice"]


def test_the_schema_has_the_routes_of_jobs_and_voices(service: FakeSpeechService) -> None:
    app = anonymous_app(service, jobs=Unasked(), catalogue=Unasked())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = TestClient(app).get("/openapi.json").json()["paths"]
    assert {"get", "post"} <= set(paths["/v1/speech-jobs"])
    assert {"get", "head"} == set(paths["/v1/speech-jobs/{job_id}/audio"])
    form = paths["/v1/audio/voices"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["name", "recording", "consent"]
    assert "stream_format" not in str(paths["/v1/speech-jobs"])


def test_no_page_loads_scripts_of_other_sites(client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_without_keys_somebody_must_have_asked_for_it(service: FakeSpeechService) -> None:
    with pytest.raises(ConfigError, match="anonymous"):
        create_app(service, keys=None, version="1")


def test_a_key_that_is_not_ours_is_no_key_but_a_wrong_one_of_ours_is_refused(
    client: TestClient,
) -> None:
    for token, status in (("sk-of-somebody-else", 200), ("vg_" + "a" * 12 + "_" + "b" * 43, 401)):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.post("/v1/audio/speech", json=SPEECH, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("peer", "name"), [("192.0.2.7", "127.0.0.1"), ("127.0.0.1", "evil.example")]
)
def test_anonymous_use_is_of_this_machine_by_its_own_name(
    service: FakeSpeechService, peer: str, name: str
) -> None:
    client = TestClient(
        anonymous_app(service), base_url=f"http://{name}:8080", client=(peer, 50_000)
    )
    assert client.post("/v1/audio/speech", json=SPEECH).status_code == 401
    assert service.asked == []


def test_keys_open_while_their_database_is_away(
    remote: TestClient, keys: MemoryKeys, clock: MovedClock
) -> None:
    known, stranger = keys.issue(), keys.issue()
    assert remote.post("/v1/audio/speech", json=SPEECH, headers=known).status_code == 200
    keys.fault = ExternalServiceError("away at postgresql://host")
    clock.seconds += 60
    assert remote.post("/v1/audio/speech", json=SPEECH, headers=known).status_code == 200
    refused = remote.post("/v1/audio/speech", json=SPEECH, headers=stranger)
    assert refused.status_code == 503
    assert "postgresql" not in refused.text
    clock.seconds += 3_600
    assert remote.post("/v1/audio/speech", json=SPEECH, headers=known).status_code == 503


def test_settings_that_cannot_be_are_told_together() -> None:
    with pytest.raises(ConfigError) as refused:
        type(ANONYMOUS)(upstream_dialect=True, encoders=0)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "encoders", "upstream_model",
    ]  # fmt: skip
