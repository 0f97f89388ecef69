"""Both dialects from end to end of the app, with a service that says tones."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH, MemoryKeys
from tests.fakes.speech_service import MODEL, RATE_HZ, FakeSpeechService, expected_sentences
from voxgate.adapters.http.faults import BrokenAnswerError
from voxgate.audio.encoding import resample_pcm
from voxgate.errors import OverloadedError, QuarantinedVersionError, WorkerLostError
from voxgate.serving.api_keys import KeyClass
from voxgate.serving.requests import Lane, SpeechRequest

WAV_HEADER = 44


def speak(client: TestClient, **changes: Any) -> Any:
    return client.post("/v1/audio/speech", json={**SPEECH, **changes})


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line.removeprefix("data: ")) for line in text.split("\n\n") if line]


def test_a_stream_says_every_sentence_in_order(
    client: TestClient, service: FakeSpeechService
) -> None:
    answer = speak(client, response_format="wav")
    request, caller = service.asked[0]
    assert (request.text, request.profile, caller.lane) == (SPEECH["input"], "anna", Lane.REAL_TIME)
    expected = np.concatenate(expected_sentences(request))
    np.testing.assert_array_equal(np.frombuffer(answer.content[WAV_HEADER:], "<i2"), expected)


def test_an_answer_tells_what_made_it(client: TestClient) -> None:
    headers = speak(client, seed=5).headers
    assert headers["content-type"] == "audio/mpeg"
    assert headers["x-voxgate-model"] == "voice-en@7"
    assert headers["x-voxgate-preset"] == "telephone:" + "d" * 12
    assert headers["x-voxgate-seed"] == "5"
    assert headers["x-voxgate-cache"] == "miss"
    assert headers["x-accel-buffering"] == "no"
    assert headers["cache-control"] == "private, no-store"
    assert "content-length" not in headers
    assert "x-voxgate-device" not in headers


def test_an_answer_of_a_gpu_names_its_kind(client: TestClient, service: FakeSpeechService) -> None:
    service.device = "Acme One"
    assert speak(client).headers["x-voxgate-device"] == "Acme One"


def test_bare_samples_come_at_the_rate_that_openai_clients_play(
    client: TestClient, service: FakeSpeechService
) -> None:
    answer = speak(client, response_format="pcm")
    assert answer.headers["x-audio-sample-rate"] == "24000"
    expected = [resample_pcm(s, RATE_HZ, 24_000) for s in expected_sentences(service.asked[0][0])]
    np.testing.assert_array_equal(np.frombuffer(answer.content, "<i2"), np.concatenate(expected))
    own = speak(client, response_format="pcm", sample_rate=RATE_HZ)
    assert own.headers["x-audio-sample-rate"] == str(RATE_HZ)
    assert len(own.content) * 3 == len(answer.content) * 2


@pytest.mark.parametrize(
    ("name", "media_type", "magic"),
    [
        ("mp3", "audio/mpeg", b"\xff"),
        ("opus", "audio/ogg", b"OggS"),
        ("flac", "audio/flac", b"fLaC"),
        ("ulaw", "audio/wav", b"RIFF"),
    ],
)
def test_each_format_is_what_it_says(
    client: TestClient, name: str, media_type: str, magic: bytes
) -> None:
    answer = speak(client, response_format=name)
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(magic)


def test_telephone_speech_is_at_8_khz_and_nothing_else(client: TestClient) -> None:
    answer = speak(client, response_format="ulaw")
    assert answer.headers["x-audio-sample-rate"] == "8000"
    samples, rate_hz = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    own = speak(client, response_format="pcm", sample_rate=8_000).content
    assert (rate_hz, len(samples)) == (8_000, len(own) // 2)
    wrong = speak(client, response_format="ulaw", sample_rate=16_000)
    assert (wrong.status_code, wrong.json()["error"]["param"]) == (400, "sample_rate")


def test_events_carry_the_same_audio_and_end_with_done(client: TestClient) -> None:
    answer = speak(client, response_format="wav", stream_format="sse")
    assert answer.headers["content-type"] == "text/event-stream"
    *deltas, done = events(answer.text)
    assert {delta["type"] for delta in deltas} == {"speech.audio.delta"}
    sound = b"".join(base64.b64decode(delta["audio"]) for delta in deltas)
    assert sound == speak(client, response_format="wav").content
    assert done["type"] == "speech.audio.done"
    assert done["usage"] == {"input_tokens": 31, "output_tokens": 75, "total_tokens": 106}


def test_a_break_after_the_first_byte_is_no_clean_end(
    client: TestClient, service: FakeSpeechService
) -> None:
    service.broken_by = WorkerLostError("a secret text")
    with pytest.raises(BrokenAnswerError) as broken:
        speak(client)
    assert "secret" not in str(broken.value)


def test_a_break_before_the_first_byte_still_has_a_status(
    client: TestClient, service: FakeSpeechService
) -> None:
    service.broken_by, service.break_after = WorkerLostError("dead"), 0
    for stream_format in ("audio", "sse"):
        answer = speak(client, stream_format=stream_format)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "worker_lost")
        assert answer.headers["retry-after"] == "5"


def test_a_voice_that_says_nothing_is_an_error(client: TestClient) -> None:
    answer = speak(client, input=" . ")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "no_audio")


@pytest.mark.parametrize(
    ("changes", "status", "param", "code"),
    [
        ({"voice": "nobody"}, 404, "voice", "voice_not_found"),
        ({"voice": {"id": "nobody"}}, 404, "voice", "voice_not_found"),
        ({"preset": "none"}, 404, "preset", "preset_not_found"),
        ({"model": "other"}, 404, "model", "model_not_found"),
        ({"model": "voice-en@8"}, 404, "model", "model_not_found"),
        ({"input": "x" * 4_097}, 400, "input", "string_above_max_length"),
        ({"temperature": 1.0}, 400, "temperature", "unknown_parameter"),
        ({"response_format": "aac"}, 400, "response_format", "unsupported_format"),
        ({"instructions": "angry"}, 400, "instructions", "unsupported_parameter"),
        ({"speed": 3}, 400, "speed", "invalid_value"),
    ],
)
def test_what_cannot_be_served_names_its_field(
    client: TestClient, changes: dict[str, Any], status: int, param: str, code: str
) -> None:
    answer = speak(client, **changes)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (status, status)
    assert (problem["error"]["param"], problem["error"]["code"]) == (param, code)


def test_a_full_queue_says_when_to_come_again(
    client: TestClient, service: FakeSpeechService
) -> None:
    service.fault = OverloadedError("full", retry_after_s=2.4)
    answer = speak(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert answer.json()["error"] == {
        "message": "full", "type": "rate_limit_error", "param": None, "code": "queue_full",
    }  # fmt: skip
    metrics = client.get("/metrics").text
    assert 'voxgate_admission_refused_total{reason="queue_full"} 1.0' in metrics


def test_a_withdrawn_version_is_gone(client: TestClient, service: FakeSpeechService) -> None:
    service.fault = QuarantinedVersionError("7 is quarantined")
    assert speak(client).status_code == 410


def test_a_fault_that_nobody_foresaw_tells_nothing_of_itself(
    client: TestClient, service: FakeSpeechService, caplog: pytest.LogCaptureFixture
) -> None:
    service.fault = RuntimeError("the text was Anna's")
    answer = speak(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "RuntimeError" in caplog.text
    assert "Anna" not in answer.text + caplog.text


def test_a_lane_follows_from_the_key_and_only_real_time_has_a_deadline(
    remote: TestClient, keys: MemoryKeys, service: FakeSpeechService
) -> None:
    for key_class in (KeyClass.BATCH, KeyClass.REAL_TIME):
        headers = keys.issue(key_class=key_class)
        assert remote.post("/v1/audio/speech", json=SPEECH, headers=headers).status_code == 200
    assert [caller.lane for _, caller in service.asked] == [Lane.BATCH, Lane.REAL_TIME]
    assert service.deadlines_s == [None, 10.0]
    assert {caller.purpose for _, caller in service.asked} == {"publication"}


def test_requests_are_counted_without_their_texts(client: TestClient) -> None:
    speak(client)
    speak(client, voice="nobody")
    page = client.get("/metrics").text
    count = 'voxgate_speech_requests_total{lane="real_time",model='
    assert f'{count}"voice-en",outcome="spoken"}} 1.0' in page
    assert f'{count}"none",outcome="refused"}} 1.0' in page
    assert 'voxgate_speech_audio_seconds_total{lane="real_time"} 0.75' in page
    assert "nobody" not in page
    assert "Hello" not in page


# ------------------------------------------------------------------- the dialect of GPT-SoVITS

TTS = {"text": "Hello there. Good.", "text_lang": "en", "ref_audio_path": "/data/anna.wav"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_upstream_clients_get_a_whole_file(
    client: TestClient, service: FakeSpeechService, method: str
) -> None:
    given = {"params": TTS} if method == "GET" else {"json": TTS}
    answer = client.request(method, "/tts", **given)  # type: ignore[arg-type]
    samples, rate_hz = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    assert rate_hz == RATE_HZ
    expected = SpeechRequest(text=TTS["text"], model=MODEL, profile="anna")
    assert service.asked[0][0] == expected
    np.testing.assert_array_equal(samples, np.concatenate(expected_sentences(expected)))
    assert answer.headers["x-audio-duration"] == "0.500"
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_upstream_clients_can_stream(client: TestClient) -> None:
    answer = client.get("/tts", params={**TTS, "streaming_mode": "true"})
    assert answer.content[4:8] == b"\xff\xff\xff\xff"
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "/etc/passwd", "http://192.0.2.1/a.wav", "file:///etc/passwd", "anna", ""],
)
def test_a_reference_path_is_never_opened(
    client: TestClient, service: FakeSpeechService, path: str
) -> None:
    answer = client.get("/tts", params={**TTS, "ref_audio_path": path})
    problem = answer.json()
    assert (answer.status_code, problem["error"]["param"]) == (400, "ref_audio_path")
    assert problem["message"] == "tts failed"
    assert problem["Exception"] == problem["detail"]
    assert service.asked == []


def test_upstream_clients_know_no_fault_but_400(
    client: TestClient, service: FakeSpeechService
) -> None:
    service.fault = QuarantinedVersionError("withdrawn")
    answer = client.get("/tts", params=TTS)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    service.fault = OverloadedError("full", retry_after_s=1)
    assert client.get("/tts", params=TTS).status_code == 429


@pytest.mark.parametrize(
    "path", ["/control", "/set_gpt_weights", "/set_sovits_weights", "/set_refer_audio"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_weights_change_by_release_only(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path, params={"command": "exit", "weights_path": "x.ckpt"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "release-gated")


def test_a_parameter_that_comes_twice_is_refused(client: TestClient) -> None:
    answer = client.get("/tts?text=a&text=b&text_lang=en&ref_audio_path=/data/anna.wav")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "duplicate_parameter")
