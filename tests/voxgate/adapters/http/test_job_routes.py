"""Jobs over the app: on SQLite and a folder, with the loop that needs no queue."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from pydantic import SecretStr
from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH, MemoryKeys, MovedClock, anonymous_app, keyed_app
from tests.fakes.live_server import exchanged, live_server
from tests.fakes.memory import memory_folder
from tests.fakes.speech_jobs import ListQueue, make_desk, make_tools, recall_job
from tests.fakes.speech_service import FakeSpeechService, expected_sentences
from voxgate.adapters.sql.asset_fetches import SqlFetchLog
from voxgate.adapters.sql.database import open_database
from voxgate.errors import (
    ConsentError,
    ExternalServiceError,
    LedgerError,
    OverloadedError,
    ProfileStateError,
    QuarantinedVersionError,
    UnknownProfileError,
    VoxgateError,
)
from voxgate.serving.api_keys import KeyClass
from voxgate.serving.jobs.counting import JobCounts
from voxgate.serving.jobs.fetches import FetchBook
from voxgate.serving.jobs.loop import EmbeddedRunner
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import JobStatus
from voxgate.serving.jobs.runner import run_jobs
from voxgate.serving.requests import Lane
from voxgate.settings import Settings
from voxgate.wiring.speech_jobs import encode_speech

JOBS = "/v1/speech-jobs"


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


@pytest.fixture
def queue() -> ListQueue:
    return ListQueue()


@pytest.fixture
def tools(folder: Path, service: FakeSpeechService) -> JobTools:
    made = make_tools(f"sqlite:///{folder}/ledger.db", folder)
    return JobTools(
        store=made.store,
        assets=made.assets,
        say=service.say,
        encode=encode_speech,
        secret=made.secret,
    )


@pytest.fixture
def client(
    tools: JobTools,
    queue: ListQueue,
    service: FakeSpeechService,
    keys: MemoryKeys,
    clock: MovedClock,
) -> Iterator[TestClient]:
    app = keyed_app(service, keys, clock, jobs=make_desk(tools, queue, check=service.check))
    with TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000)) as made:
        yield made


@pytest.fixture
def key(keys: MemoryKeys) -> dict[str, str]:
    return keys.issue(rights=["jobs"], key_class=KeyClass.BATCH)


def submit(client: TestClient, key: dict[str, str], name: str = "k-1", **changes: Any) -> Any:
    body = {**SPEECH, "response_format": "wav", **changes}
    return client.post(JOBS, json=body, headers={**key, "Idempotency-Key": name})


def spoken(client: TestClient, key: dict[str, str], tools: JobTools, **changes: Any) -> Any:
    """Submit a job, run it, and return what the client is told of it."""
    made = submit(client, key, **changes).json()
    asyncio.run(run_jobs([made["id"]], tools))
    return client.get(f"{JOBS}/{made['id']}", headers=key).json()


def test_a_job_is_taken_and_sent_to_the_lane_of_its_key(
    client: TestClient, key: dict[str, str], queue: ListQueue, keys: MemoryKeys
) -> None:
    answer = submit(client, key)
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"{JOBS}/{job['id']}"
    assert int(answer.headers["retry-after"]) > 0
    assert "ratelimit" in answer.headers
    assert (job["status"], job["output"], job["error"]) == ("queued", None, None)
    assert SPEECH["input"] not in answer.text
    urgent = submit(client, keys.issue(rights=["jobs"])).json()
    assert [(lane.value, ids) for lane, ids in queue.sent] == [
        ("batch", [job["id"]]), ("real_time", [urgent["id"]]),
    ]  # fmt: skip


def test_the_status_says_what_the_speech_was_made_with(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    job = spoken(client, key, tools, seed=5)
    output = job["output"]
    assert job["status"] == "succeeded"
    assert job["created_at"] <= job["started_at"] <= job["completed_at"] < job["expires_at"]
    assert (output["model"], output["seed"], output["voice"]) == ("voice-en@7", 5, "anna")
    assert (output["sample_rate"], output["duration_s"], output["sentences"]) == (16_000, 0.75, 3)
    assert output["url"].startswith("http://speech.example/a/")
    found = client.get(output["url"])
    assert (found.status_code, len(found.content)) == (200, output["bytes"])
    assert found.headers["etag"] == f'"{output["sha256"]}"'
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-disposition"].startswith("attachment; ")


def test_a_job_that_is_sent_twice_is_made_once(
    client: TestClient, key: dict[str, str], tools: JobTools, queue: ListQueue
) -> None:
    first, again = submit(client, key), submit(client, key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert "idempotent-replayed" not in first.headers
    assert again.json()["id"] == first.json()["id"]
    assert len(queue.sent) == 1
    asyncio.run(run_jobs([first.json()["id"]], tools))
    ended = submit(client, key)
    assert (ended.status_code, ended.headers["idempotent-replayed"]) == (200, "true")
    assert "retry-after" not in ended.headers


@pytest.mark.parametrize(
    "changes", [{"input": "Other words."}, {"response_format": "flac"}, {"sample_rate": 8_000}]
)
def test_a_key_names_one_body(
    client: TestClient, key: dict[str, str], changes: dict[str, Any]
) -> None:
    submit(client, key)
    refused = submit(client, key, **changes)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "idempotency_key_missing"),
        (["a", "b"], "ambiguous_request"),
        ([""], "idempotency_key_invalid"),
        (["x" * 256], "idempotency_key_invalid"),
        (["tab\there"], "idempotency_key_invalid"),
        ([b"caf\xe9"], "idempotency_key_invalid"),
    ],
    ids=range(6),
)
def test_a_key_that_names_nothing_is_refused(
    client: TestClient,
    key: dict[str, str],
    tools: JobTools,
    names: list[str | bytes],
    code: str,
) -> None:
    headers = [*key.items(), *(("Idempotency-Key", name) for name in names)]
    answer = client.post(JOBS, json=SPEECH, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert tools.store.jobs() == []


def test_a_smuggled_header_reaches_neither_an_answer_nor_a_row(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    for name in ("k\r\nX-Evil: 1", "k\nSet-Cookie: a=b", "k\0"):
        answer = client.post(JOBS, json=SPEECH, headers={**key, "Idempotency-Key": name})
        assert answer.status_code == 400
        assert not {"x-evil", "set-cookie"} & set(answer.headers)
    assert tools.store.jobs() == []


def test_a_text_may_be_long_and_not_too_long(client: TestClient, key: dict[str, str]) -> None:
    assert submit(client, key, input="a" * 100_000).status_code == 202
    answer = submit(client, key, "k-2", input="a" * 100_001)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "input")
    assert "several jobs" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"stream_format": "sse"}, "stream_format"),
        ({"response_format": "aac"}, "response_format"),
        ({"sample_rate": 7}, "sample_rate"),
        ({"instructions": "sing"}, "instructions"),
        ({"voice": ""}, "voice"),
    ],
)
def test_a_field_that_cannot_be_served_is_named(
    client: TestClient, key: dict[str, str], changes: dict[str, Any], param: str
) -> None:
    answer = submit(client, key, **changes)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("changes", "status", "param", "code"),
    [
        ({"voice": "nobody"}, 404, "voice", "voice_not_found"),
        ({"model": "nothing"}, 404, "model", "model_not_found"),
        ({"model": "voice-en@9"}, 404, "model", "model_not_found"),
        ({"preset": "none"}, 404, "preset", "preset_not_found"),
    ],
)
def test_what_there_is_not_is_told_when_the_job_is_submitted(
    client: TestClient,
    key: dict[str, str],
    tools: JobTools,
    queue: ListQueue,
    changes: dict[str, Any],
    status: int,
    param: str,
    code: str,
) -> None:
    refused = submit(client, key, **changes)
    error = refused.json()["error"]
    assert (refused.status_code, error["param"], error["code"]) == (status, param, code)
    assert (tools.store.jobs(), queue.sent) == ([], [])
    assert submit(client, key).status_code == 202, "its key is free"


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (ConsentError("for internal use only"), 403, "consent_refused"),
        (ProfileStateError("anna@1 is revoked"), 403, "voice_not_usable"),
        (QuarantinedVersionError("version 7 is quarantined"), 410, "version_quarantined"),
    ],
)
def test_what_may_not_be_said_any_more_is_refused_and_a_replay_is_answered(
    client: TestClient,
    key: dict[str, str],
    service: FakeSpeechService,
    refusal: VoxgateError,
    status: int,
    code: str,
) -> None:
    taken = submit(client, key)
    service.refusal = refusal
    again = submit(client, key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert again.json() == taken.json()
    assert submit(client, key, input="Other.").json()["error"]["code"] == "idempotency_key_reused"
    new = submit(client, key, "k-2")
    assert (new.status_code, new.json()["error"]["code"]) == (status, code)


def test_a_job_is_taken_while_nobody_can_say_what_is_live(
    client: TestClient, key: dict[str, str], service: FakeSpeechService
) -> None:
    for number, trouble in enumerate(
        (LedgerError("away"), OverloadedError("warming up", retry_after_s=1))
    ):
        service.refusal = trouble
        assert submit(client, key, f"k-{number}").status_code == 202


def test_the_metrics_tell_what_was_counted_and_count_nothing_themselves(
    tools: JobTools, service: FakeSpeechService
) -> None:
    counts = JobCounts(tools.store.counts)
    app = anonymous_app(service, jobs=make_desk(tools, ListQueue(), counts=counts))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        assert submit(client, {}).status_code == 202
        assert "voxgate_jobs{" not in client.get("/metrics").text
        counts.refresh()
        assert 'voxgate_jobs{kind="speech",state="queued"} 1.0' in client.get("/metrics").text


def test_a_hundred_megabytes_are_not_read(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    headers = {**key, "Idempotency-Key": "k", "Content-Type": "application/json"}
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1_000_000
            yield b" " * 1_000_000

    said = client.post(JOBS, content=b"{}", headers={**headers, "Content-Length": "100000000"})
    assert (said.status_code, said.headers["connection"]) == (413, "close")
    assert client.post(JOBS, content=body(), headers=headers).status_code == 413
    assert tools.store.jobs() == []


def test_bare_samples_have_the_rate_that_openai_clients_play(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    output = spoken(client, key, tools, response_format="pcm")["output"]
    answer = client.get(output["url"])
    assert answer.headers["content-type"] == "audio/pcm"
    assert (output["sample_rate"], len(answer.content)) == (24_000, 2 * 18_000)
    assert output["pcm_sha256"] == output["sha256"]
    telephone = spoken(client, key, tools, name="k-2", sample_rate=8_000)["output"]
    samples, rate = soundfile.read(io.BytesIO(client.get(telephone["url"]).content))
    assert (rate, telephone["sample_rate"], len(samples)) == (8_000, 8_000, 6_000)


def test_jobs_of_other_keys_are_not_there(
    client: TestClient, key: dict[str, str], tools: JobTools, keys: MemoryKeys
) -> None:
    job = spoken(client, key, tools)
    stranger = keys.issue(rights=["jobs"])
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/audio"), ("HEAD", "/audio")):
        answer = client.request(method, f"{JOBS}/{job['id']}{path}", headers=stranger)
        assert answer.status_code == 404
    assert client.get(JOBS, headers=stranger).json()["data"] == []
    assert submit(client, stranger).json()["id"] != job["id"], "nor are their idempotency keys"


def test_no_job_is_spoken_where_others_wait_for_a_first_word(
    client: TestClient, keys: MemoryKeys, tools: JobTools, service: FakeSpeechService
) -> None:
    spoken(client, keys.issue(rights=["jobs"], key_class=KeyClass.INTERACTIVE), tools)
    assert [caller.lane for _, caller in service.asked] == [Lane.BATCH]


def test_every_route_of_jobs_needs_its_right(client: TestClient, keys: MemoryKeys) -> None:
    routes = [
        ("POST", JOBS), ("GET", JOBS), ("GET", f"{JOBS}/job_1"), ("DELETE", f"{JOBS}/job_1"),
        ("GET", f"{JOBS}/job_1/audio"), ("HEAD", f"{JOBS}/job_1/audio"),
    ]  # fmt: skip
    speaker = keys.issue(rights=["speak"])
    for method, path in routes:
        assert client.request(method, path).status_code == 401
        assert client.request(method, path, headers=speaker).status_code == 403


def test_lists_have_pages_and_a_filter(client: TestClient, key: dict[str, str]) -> None:
    made = [submit(client, key, f"k-{number}").json()["id"] for number in range(3)]
    first = client.get(JOBS, params={"limit": 2}, headers=key).json()
    rest = client.get(JOBS, params={"limit": 2, "after": first["last_id"]}, headers=key).json()
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert {job["id"] for job in first["data"] + rest["data"]} == set(made)
    ended = client.get(JOBS, params={"status": "succeeded"}, headers=key).json()
    assert (ended["data"], ended["last_id"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "status", "param"),
    [
        ("limit=0", 400, "limit"),
        ("limit=101", 400, "limit"),
        ("limit=x", 400, "limit"),
        ("status=done", 400, "status"),
        ("page=2", 400, "page"),
        ("limit=1&limit=2", 400, None),
        ("after=../../etc/passwd", 404, None),
    ],
)
def test_a_list_refuses_what_it_does_not_know(
    client: TestClient, key: dict[str, str], query: str, status: int, param: str | None
) -> None:
    answer = client.get(f"{JOBS}?{query}", headers=key)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)


def test_a_job_is_cancelled_until_it_has_ended(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    open_job = submit(client, key).json()["id"]
    for _ in range(2):
        answer = client.delete(f"{JOBS}/{open_job}", headers=key)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    ended = spoken(client, key, tools, name="k-2")["id"]
    answer = client.delete(f"{JOBS}/{ended}", headers=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "job_ended")


def test_audio_is_there_when_the_job_has_succeeded_and_until_it_is_recalled(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    waiting = submit(client, key, "k-0").json()["id"]
    answer = client.get(f"{JOBS}/{waiting}/audio", headers=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "job_has_no_output")
    job = spoken(client, key, tools)
    path = f"{JOBS}/{job['id']}/audio"
    whole = client.get(path, headers=key)
    assert whole.headers["content-disposition"] == f'attachment; filename="{job["id"]}.wav"'
    part = client.get(path, headers={**key, "Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    recall_job(tools, job["id"])
    for url, headers in ((path, key), (job["output"]["url"], {})):
        gone = client.get(url, headers=headers)
        assert (gone.status_code, gone.json()["error"]["code"]) == (410, "audio_gone")
    told = client.get(f"{JOBS}/{job['id']}", headers=key).json()
    assert (told["status"], told["output"]["url"]) == ("recalled", None)
    assert told["error"]["message"] == "the consent was withdrawn"


@pytest.mark.parametrize("removed", ["recall", "store"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=10-19"}, {"If-None-Match": "*"}])
def test_an_address_that_was_good_is_gone_after_the_file(
    client: TestClient,
    key: dict[str, str],
    tools: JobTools,
    method: str,
    asked: dict[str, str],
    removed: str,
) -> None:
    job = spoken(client, key, tools)
    address = job["output"]["url"]
    assert client.request(method, address, headers=asked).status_code in (200, 206, 304)
    if removed == "recall":
        recall_job(tools, job["id"])
    else:
        tools.assets.remove_many([address.partition("/a/")[2].partition("?")[0]])
    gone = client.request(method, address, headers=asked)
    assert gone.status_code == 410
    assert gone.headers["content-type"] == "application/problem+json"
    assert gone.headers["cache-control"] == "private, no-store", "no cache keeps the answer"
    if method == "GET":
        assert gone.json()["error"]["code"] == "audio_gone"


def test_what_is_sent_to_whoever_has_the_address_is_noted(
    tools: JobTools, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock, folder: Path
) -> None:
    log = SqlFetchLog(
        open_database(Settings(ledger_url=SecretStr(f"sqlite:///{folder}/ledger.db")), folder)
    )
    book = FetchBook(log)
    app = keyed_app(service, keys, clock, jobs=make_desk(tools, ListQueue(), fetches=book))
    key = keys.issue(rights=["jobs"])
    with TestClient(app) as client:
        job = spoken(client, key, tools)
        address = job["output"]["url"]
        asset_id = address.partition("/a/")[2].partition("?")[0]
        client.head(address)
        client.get(address, headers={"If-None-Match": "*"})
        client.get(address, headers={"Range": "bytes=999999999-"})
        client.get(f"{address}0")
        book.keep()
        assert log.fetches([asset_id]) == {}
        client.get(address)
        client.get(address, headers={"Range": "bytes=10-19"})
        tools.assets.remove(asset_id)
        client.get(address)
    book.keep()
    assert log.fetches([asset_id])[asset_id].times == 2


def test_a_job_can_be_telephone_speech(
    client: TestClient, key: dict[str, str], tools: JobTools
) -> None:
    job = spoken(client, key, tools, response_format="ulaw")
    answer = client.get(job["output"]["url"])
    assert answer.headers["content-type"] == "audio/wav"
    info = soundfile.info(io.BytesIO(answer.content))
    assert (info.samplerate, info.subtype) == (8_000, "ULAW")
    assert info.duration == pytest.approx(job["output"]["duration_s"], abs=0.001)


@pytest.mark.parametrize(
    "change",
    [
        lambda path, query: (path, query[:-1] + ("0" if query[-1] != "0" else "1")),
        lambda path, query: (path, query.replace("expires=", "expires=9")),
        lambda path, query: (path, query.partition("&")[0]),
        lambda path, query: (path, query + "&expires=9"),
        lambda path, query: (path[:-1] + ("0" if path[-1] != "0" else "1"), query),
        lambda path, query: ("/a/..%2f..%2fledger", query),
        lambda path, query: ("/a/%2e%2e", query),
        lambda path, query: ("/a/....", query),
        lambda path, query: (path, query.replace("signature=", "signature=%C3%A9")),
    ],
)
def test_an_address_that_was_changed_leads_nowhere(
    client: TestClient, key: dict[str, str], tools: JobTools, change: Any
) -> None:
    address = spoken(client, key, tools)["output"]["url"].removeprefix("http://speech.example")
    path, query = change(*address.split("?"))
    answer = client.get(f"{path}?{query}")
    assert answer.status_code in (400, 403, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_address_ends(
    tools: JobTools, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock
) -> None:
    app = keyed_app(service, keys, clock, jobs=make_desk(tools, ListQueue(), address_ttl_s=0))
    key = keys.issue(rights=["jobs"])
    with TestClient(app) as client:
        address = spoken(client, key, tools)["output"]["url"]
        answer = client.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "address_refused")
    assert "www-authenticate" not in answer.headers, "no key would help"


def test_without_a_broker_or_a_database_jobs_wait_and_speech_goes_on(
    tools: JobTools,
    queue: ListQueue,
    service: FakeSpeechService,
    keys: MemoryKeys,
    clock: MovedClock,
) -> None:
    class AwayStore:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def submit(self, _draft: object) -> None:
            raise self.error

    key = keys.issue(rights=["jobs", "speak"])
    queue.away = True
    app = keyed_app(service, keys, clock, jobs=make_desk(tools, queue))
    with TestClient(app) as client:
        refused = submit(client, key)
        assert (refused.status_code, refused.json()["retryable"]) == (503, True)
        assert int(refused.headers["retry-after"]) > 0
        assert submit(client, key).headers["idempotent-replayed"] == "true"
    for error in (ExternalServiceError("postgresql://host is away"), LedgerError("locked")):
        app = keyed_app(service, keys, clock, jobs=make_desk(tools, queue, store=AwayStore(error)))
        with TestClient(app) as client:
            refused = submit(client, key, "k-2")
            assert (refused.status_code, "host" in refused.text) == (503, False)
            assert int(refused.headers["retry-after"]) > 0
            assert client.post("/v1/audio/speech", json=SPEECH, headers=key).status_code == 200


def test_a_broker_that_says_nothing_keeps_no_real_time_request_waiting(
    tools: JobTools, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock
) -> None:
    answered = threading.Event()

    class SilentQueue:
        def send(self, _ids: object, *, lane: Lane) -> None:
            assert lane
            answered.wait(30)

    async def run() -> int:
        app = keyed_app(service, keys, clock, jobs=make_desk(tools, SilentQueue()))
        transport = httpx.ASGITransport(app)
        sender = keys.issue(rights=["jobs"], concurrency=99)
        async with httpx.AsyncClient(transport=transport, base_url="http://speech") as client:
            waiting = [
                asyncio.create_task(
                    client.post(JOBS, json=SPEECH, headers={**sender, "Idempotency-Key": f"k-{n}"})
                )
                for n in range(64)
            ]
            await asyncio.sleep(0.5)
            try:
                async with asyncio.timeout(10):
                    said = await client.post(
                        "/v1/audio/speech", json=SPEECH, headers=keys.issue(rights=["speak"])
                    )
            finally:
                answered.set()
                await asyncio.gather(*waiting)
            return said.status_code

    assert asyncio.run(run()) == 200


def test_what_failed_says_so_as_a_request_would_hear_it(
    client: TestClient, key: dict[str, str], tools: JobTools, service: FakeSpeechService
) -> None:
    service.fault = UnknownProfileError("there is no voice anna")
    job = spoken(client, key, tools)
    assert job["status"] == "failed"
    assert job["error"] == {"code": "voice_not_found", "message": "there is no voice anna"}


def test_a_body_that_is_refused_gives_the_place_of_its_key_back(
    client: TestClient, keys: MemoryKeys
) -> None:
    key = keys.issue(rights=["jobs"], concurrency=1)
    for _ in range(3):
        assert submit(client, key, input="").status_code == 400
    assert submit(client, key).status_code == 202


def test_without_a_desk_there_are_no_jobs(remote: TestClient, keys: MemoryKeys) -> None:
    assert submit(remote, keys.issue(rights=["jobs"])).status_code == 404


def _wire(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def test_on_the_wire_a_path_stays_in_its_folder_and_a_header_in_its_line(
    tools: JobTools, service: FakeSpeechService
) -> None:
    app = anonymous_app(service, jobs=make_desk(tools, ListQueue()))
    body = json.dumps({**SPEECH, "response_format": "wav"}).encode()
    head = ["Host: 127.0.0.1", "Connection: close", "Content-Type: application/json"]
    post = (f"POST {JOBS} HTTP/1.1", *head, f"Content-Length: {len(body)}")
    with live_server(app) as port:
        for path in ("/a/../ledger.db", "/a/..%2f..%2fledger.db", "/a/%2e%2e/x", f"{JOBS}/../../x"):
            answer = exchanged(port, _wire(f"GET {path}?expires=9&signature=0 HTTP/1.1", *head))
            assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 404"))
        for name in ("k\rX-Evil: 1", "k\0", "\xe9"):
            answer = exchanged(port, _wire(*post, f"Idempotency-Key: {name}", body=body))
            assert answer.startswith(b"HTTP/1.1 400"), name
            assert b"\r\nx-evil" not in answer.lower()
        hidden = (*post, "Transfer-Encoding: chunked", "Idempotency-Key: k")
        assert exchanged(port, _wire(*hidden, body=body)).startswith(b"HTTP/1.1 400")
        huge = (*post[:-1], "Content-Length: 100000000", "Idempotency-Key: k")
        assert exchanged(port, _wire(*huge)).startswith(b"HTTP/1.1 413")
        assert tools.store.jobs() == []
        taken = exchanged(port, _wire(*post, "Idempotency-Key: k", body=body))
        assert taken.startswith(b"HTTP/1.1 202")
        job = asyncio.run(run_jobs([tools.store.jobs()[0].id], tools))[0]
        audio = f"{JOBS}/{job.id}/audio HTTP/1.1"
        whole, part, known = (
            exchanged(port, _wire(f"{method} {audio}", *head, *more)).partition(b"\r\n\r\n")[2]
            for method, more in (("GET", []), ("GET", ["Range: bytes=-100"]), ("HEAD", []))
        )
    assert job.output is not None
    assert (len(whole), part, known) == (job.output.bytes, whole[-100:], b"")


def test_from_a_request_to_a_file_without_any_server_beside(
    tools: JobTools, service: FakeSpeechService
) -> None:
    async def run() -> httpx.Response:
        runner = EmbeddedRunner(tools, poll_s=3_600)
        app = anonymous_app(service, jobs=make_desk(tools, runner))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
        loop = asyncio.create_task(runner.run())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await asyncio.sleep(0.2)  # it found nothing, and sleeps for an hour
            job = (
                await client.post(
                    JOBS,
                    json={**SPEECH, "response_format": "wav"},
                    headers={"Idempotency-Key": "k"},
                )
            ).json()
            async with asyncio.timeout(20):
                while job["status"] in (JobStatus.QUEUED, JobStatus.RUNNING):
                    await asyncio.sleep(0.02)
                    job = (await client.get(f"{JOBS}/{job['id']}")).json()
            loop.cancel()
            return await client.get(job["output"]["url"])

    answer = asyncio.run(run())
    samples, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
    request, caller = service.asked[0]
    assert (rate, caller.key_id) == (16_000, "anonymous")
    np.testing.assert_array_equal(samples, np.concatenate(expected_sentences(request)))
