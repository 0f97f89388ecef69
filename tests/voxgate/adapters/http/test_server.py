"""A real server on loopback: what only shows on the wire."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import numpy as np
import pytest

from tests.fakes.http_service import ANONYMOUS, SPEECH, anonymous_app
from tests.fakes.live_server import HOST, connected, exchanged, live_server, read_to_end, wait_until
from tests.fakes.speech_service import FakeSpeechService, expected_sentences
from voxgate.adapters.http.server import open_socket
from voxgate.errors import ExternalServiceError, OverloadedError, WorkerLostError
from voxgate.serving.requests import SpeechRequest

LAST_CHUNK = b"0\r\n\r\n"
WAV_HEADER = 44


@pytest.fixture
def port(service: FakeSpeechService) -> Iterator[int]:
    with live_server(anonymous_app(service)) as made:
        yield made


def request_bytes(body: dict[str, Any], *headers: str, path: str = "/v1/audio/speech") -> bytes:
    content = json.dumps(body).encode()
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_whole_answer_ends_with_the_last_chunk(port: int) -> None:
    answer = exchanged(port, request_bytes(SPEECH, "Connection: close"))
    assert status_of(answer) == 200
    assert answer.endswith(LAST_CHUNK)


def test_half_an_answer_never_ends_with_it(port: int, service: FakeSpeechService) -> None:
    service.broken_by = WorkerLostError("dead")
    answer = exchanged(port, request_bytes({**SPEECH, "response_format": "wav"}))
    assert status_of(answer) == 200
    assert b"RIFF" in answer
    assert not answer.endswith(LAST_CHUNK)
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.post(f"http://{HOST}:{port}/v1/audio/speech", json=SPEECH, trust_env=False)


def test_half_an_answer_as_events_says_so(port: int, service: FakeSpeechService) -> None:
    service.broken_by = WorkerLostError("dead")
    answer = exchanged(port, request_bytes({**SPEECH, "stream_format": "sse"}))
    assert b"speech.audio.delta" in answer
    last = answer.rpartition(b"data: ")[2].partition(b"\n")[0]
    event = json.loads(last)
    assert (event["type"], event["error"]["code"]) == ("speech.audio.error", "worker_lost")
    assert b"speech.audio.done" not in answer
    assert not answer.endswith(LAST_CHUNK)


def test_the_first_sentence_is_heard_while_the_next_is_spoken(
    port: int, service: FakeSpeechService
) -> None:
    service.pause_s = 0.5
    with connected(port) as connection:
        connection.sendall(request_bytes({**SPEECH, "response_format": "wav"}, "Connection: close"))
        found = connection.recv(65_536)
        while found.count(b"RIFF") == 0:
            found += connection.recv(65_536)
        begun_s = time.monotonic()
        read_to_end(connection)
    assert time.monotonic() - begun_s > 0.5


def test_many_clients_at_once_each_hear_their_own_text(
    port: int, service: FakeSpeechService
) -> None:
    service.pause_s = 0.002
    bodies = [
        {
            **SPEECH,
            "input": f"Number {n}. Then {n * 7}. End {n * 13}.",
            "voice": ("anna", "ben")[n % 2],
            "response_format": "wav",
        }
        for n in range(192)
    ]
    with (
        httpx2.Client(
            base_url=f"http://{HOST}:{port}", trust_env=False, timeout=60,
            limits=httpx2.Limits(max_connections=32),
        ) as client,
        ThreadPoolExecutor(32) as threads,
    ):  # fmt: skip
        answers = list(threads.map(lambda b: client.post("/v1/audio/speech", json=b), bodies))
    assert {answer.status_code for answer in answers} == {200}
    for body, answer in zip(bodies, answers, strict=True):
        wanted = SpeechRequest(text=body["input"], model="voice-en", profile=body["voice"])
        expected = np.concatenate(expected_sentences(wanted)).tobytes()
        assert answer.content[WAV_HEADER:] == expected, body


def test_a_client_that_leaves_ends_the_speaking(port: int, service: FakeSpeechService) -> None:
    service.pause_s = 0.2
    long = {**SPEECH, "input": "One more. " * 200, "response_format": "wav"}
    connection = connected(port)
    connection.sendall(request_bytes(long))
    while b"RIFF" not in connection.recv(65_536):
        pass
    connection.close()
    wait_until(lambda: service.left == 1)
    page = httpx2.get(f"http://{HOST}:{port}/metrics", trust_env=False).text
    assert 'outcome="left"} 1.0' in page


def test_a_client_that_leaves_before_the_first_sentence_ends_it_too(
    port: int, service: FakeSpeechService
) -> None:
    service.pause_s = 30
    connection = connected(port)
    connection.sendall(request_bytes(SPEECH))
    wait_until(lambda: len(service.asked) == 1)
    connection.close()
    wait_until(lambda: service.left == 1)


@pytest.mark.parametrize(
    "headers",
    [
        ("Transfer-Encoding: chunked",),
        ("Content-Length: 3",),
        ("Host: evil.example",),
        ("Authorization: Bearer a", "Authorization: Bearer b"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding : chunked",),
        ("X-Request-ID: a\rInjected: b",),
    ],
)
def test_ambiguous_framing_is_refused_and_the_connection_ended(
    port: int, service: FakeSpeechService, headers: tuple[str, ...]
) -> None:
    smuggled = b"GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer = exchanged(port, request_bytes(SPEECH, *headers) + smuggled)
    assert status_of(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1
    assert service.asked == []


def test_a_request_id_cannot_carry_a_header(port: int) -> None:
    answer = exchanged(
        port, request_bytes(SPEECH, "X-Request-ID: a%0d%0aSet-Cookie: x", "Connection: close")
    )
    assert b"Set-Cookie" not in answer


def test_a_hundred_megabytes_are_not_taken(port: int, service: FakeSpeechService) -> None:
    sent = 0
    with connected(port) as connection:
        head = request_bytes({}).partition(b"Content-Length")[0]
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(1_600):
                connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                sent += 65_536
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 50_000_000
    announced = b"Content-Length: 104857600\r\n\r\n"
    assert status_of(exchanged(port, head + announced)) == 413
    assert service.asked == []


def test_a_request_that_stops_in_the_middle_is_no_request(
    port: int, service: FakeSpeechService
) -> None:
    with connected(port) as connection:
        connection.sendall(request_bytes(SPEECH)[:-10])
    time.sleep(0.1)
    assert httpx2.get(f"http://{HOST}:{port}/livez", trust_env=False).status_code == 200
    assert service.asked == []


def test_a_body_that_does_not_come_is_not_waited_for(service: FakeSpeechService) -> None:
    settings = type(ANONYMOUS)(allow_anonymous=True, body_timeout_s=0.2)
    with live_server(anonymous_app(service, settings)) as port, connected(port) as connection:
        connection.sendall(request_bytes(SPEECH)[:-10])
        answer = read_to_end(connection)
    assert status_of(answer) == 408


def test_a_port_that_is_taken_is_named(port: int) -> None:
    with pytest.raises(ExternalServiceError, match=f"{HOST} port {port}"):
        open_socket(HOST, port)


# ---------------------------------------------------------------------------- the openai package


def openai_client(port: int) -> Any:
    openai = pytest.importorskip("openai", reason="the openai package is not installed")
    return openai.OpenAI(base_url=f"http://{HOST}:{port}/v1", api_key="none", max_retries=1)


def test_the_openai_client_speaks_and_lists(port: int, service: FakeSpeechService) -> None:
    client = openai_client(port)
    with client.audio.speech.with_streaming_response.create(
        model="voice-en", voice="anna", input="Hello. There.", response_format="wav"
    ) as answer:
        sound = b"".join(answer.iter_bytes())
    assert len(sound) == WAV_HEADER + 2 * 2 * 4_000
    assert [model.id for model in client.models.list()] == ["voice-en"]


def test_the_openai_client_reads_the_problems(port: int, service: FakeSpeechService) -> None:
    openai = pytest.importorskip("openai", reason="the openai package is not installed")
    client = openai_client(port)
    with pytest.raises(openai.NotFoundError) as unknown:
        client.audio.speech.create(model="voice-en", voice="nobody", input="Hello.")
    assert (unknown.value.code, unknown.value.param) == ("voice_not_found", "voice")
    service.fault = OverloadedError("full", retry_after_s=1)
    with pytest.raises(openai.RateLimitError) as full:
        client.audio.speech.create(model="voice-en", voice="anna", input="Hello.")
    assert full.value.code == "queue_full"
    assert len(service.asked) == 3  # the client came again once, when it was told to


def test_the_openai_client_reads_the_events(port: int) -> None:
    client = openai_client(port)
    with client.audio.speech.with_streaming_response.create(
        model="voice-en", voice="anna", input="Hello.", response_format="pcm", stream_format="sse"
    ) as answer:
        lines = [line for line in answer.iter_lines() if line]
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert [event["type"] for event in events] == ["speech.audio.delta", "speech.audio.done"]
    assert len(base64.b64decode(events[0]["audio"])) == 2 * 6_000
