"""Campaigns over the app: real rows and files, with workers that speak tones."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.fakes.campaign_site import FILE, LIST, CampaignSite, send_list, spoken_campaign
from tests.fakes.http_service import MemoryKeys, MovedClock
from tests.fakes.memory import memory_folder
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.http.settings import HttpSettings
from voxgate.errors import (
    DeadlineError,
    NotCalibratedError,
    RecipientListError,
    WorkerLostError,
)

SPRING = "/v1/campaigns/spring"


@pytest.fixture
def site() -> Iterator[CampaignSite]:
    with memory_folder() as folder:
        made = CampaignSite(folder)
        yield made
        made.service.close()


@pytest.fixture
def client(
    site: CampaignSite, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock
) -> Iterator[TestClient]:
    app = site.keyed(service, keys, clock)
    with TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000)) as made:
        yield made


@pytest.fixture
def key(keys: MemoryKeys) -> dict[str, str]:
    return keys.issue(rights=["campaigns"])


def wait_for(look: Callable[[], Any], status: str) -> Any:
    deadline_s = time.monotonic() + 30
    while (found := look())["status"] != status:
        assert time.monotonic() < deadline_s, found
        time.sleep(0.01)
    return found


def test_a_campaign_from_its_file_to_its_files(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    made = client.put(SPRING, json=FILE, headers=key)
    assert (made.status_code, made.headers["location"]) == (201, SPRING)
    assert (made.json()["id"], made.json()["status"]) == ("spring", "draft")
    taken = send_list(client, key)
    assert taken.status_code == 200
    assert {name: taken.json()[name] for name in ("rows", "accepted", "known", "rejected")} == {
        "rows": 4, "accepted": 4, "known": 0, "rejected": 0,
    }  # fmt: skip
    begun = client.post(f"{SPRING}/dry-run", json={}, headers=key)
    assert (begun.status_code, begun.headers["location"]) == (202, f"{SPRING}/dry-run")
    assert int(begun.headers["retry-after"]) > 0
    run = wait_for(lambda: client.get(f"{SPRING}/dry-run", headers=key).json(), "succeeded")
    assert run["plan"]["proof"] == [["r-1", "reminder"], ["r-2", "reminder"]]
    assert client.post(f"{SPRING}/start", json={}, headers=key).json()["status"] == "proofing"
    site.work("spring")
    assert client.get(SPRING, headers=key).json()["status"] == "proofed"
    heard = client.post(f"{SPRING}/approve", json={"reason": "heard all"}, headers=key).json()
    assert heard["status"] == "running"
    site.work("spring")
    told = client.get(SPRING, headers=key).json()
    assert told["items"] == {"stored": 3, "needs_review": 1}
    assert sum(told["items"].values()) == told["rows"]["recipients"] == 4
    items = client.get(f"{SPRING}/items?status=stored", headers=key).json()["data"]
    assert [(one["recipient_id"], one["shared_with"], one["text"]) for one in items] == [
        ("r-1", 2, None), ("r-2", 1, None), ("r-4", 2, None),
    ]  # fmt: skip
    url = items[0]["output"]["url"]
    assert url.startswith("http://speech.example/a/")
    assert client.get(url).headers["content-type"] == "audio/wav"
    actors = {event.kind.value: event.actor for event in site.store.events("spring")}
    assert actors["approved"].startswith("key ")


def test_the_same_file_is_the_same_campaign_and_another_is_refused(
    client: TestClient, key: dict[str, str]
) -> None:
    assert client.put(SPRING, json=FILE, headers=key).status_code == 201
    assert client.put(SPRING, json={**FILE, "campaign": "spring"}, headers=key).status_code == 200
    other = client.put(SPRING, json={**FILE, "format": "mp3"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "campaign_state")


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "campaign_refused"),
        ({"format": "aac"}, "format", "campaign_refused"),
        ({"purpose": "fun"}, "purpose", "campaign_refused"),
        ({"campaign": "autumn"}, "campaign", "campaign_refused"),
        ({"templates": {"reminder": {"text": "Hello {name}."}}}, "templates", "template_refused"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_field(
    client: TestClient, key: dict[str, str], changes: dict[str, Any], param: str, code: str
) -> None:
    answer = client.put(SPRING, json={**FILE, **changes}, headers=key)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert (problem["error"]["param"], problem["error"]["code"]) == (param, code)
    assert problem["faults"]
    assert client.get(SPRING, headers=key).status_code == 404


def test_a_campaign_is_there_for_its_key_alone(
    site: CampaignSite, client: TestClient, keys: MemoryKeys, key: dict[str, str]
) -> None:
    address = spoken_campaign(site, client, key)
    other = keys.issue(rights=["campaigns"])
    asked = [
        client.get(address, headers=other),
        client.get(f"{address}/items", headers=other),
        client.get(f"{address}/sentences", headers=other),
        client.get(f"{address}/dry-run", headers=other),
        client.get(f"{address}/report", headers=other),
        client.post(f"{address}/dry-run", json={}, headers=other),
        client.post(f"{address}/cancel", json={"reason": "mine"}, headers=other),
        client.post(f"{address}/sentences/abc/accept", json={"reason": "x"}, headers=other),
        send_list(client, other),
    ]
    assert {one.status_code for one in asked} == {404}
    assert {one.json()["error"]["code"] for one in asked} == {"campaign_not_found"}
    taken = client.put(address, json=FILE, headers=other)
    assert taken.status_code == 409
    assert "sha256" not in taken.text
    assert client.get("/v1/campaigns", headers=other).json()["data"] == []
    mine = client.get("/v1/campaigns", headers=key).json()["data"]
    assert [one["id"] for one in mine] == ["spring"]
    assert client.get(address, headers=key).json()["status"] == "proofed"


def test_a_key_needs_the_right_and_no_wider_purpose(
    client: TestClient, keys: MemoryKeys, key: dict[str, str]
) -> None:
    assert client.put(SPRING, json=FILE, headers=keys.issue()).status_code == 403
    assert client.put(SPRING, json=FILE).status_code == 401
    to_try = keys.issue(rights=["campaigns"], purpose="evaluation")
    wide = client.put(SPRING, json={**FILE, "purpose": "publication"}, headers=to_try)
    assert (wide.status_code, wide.json()["error"]["code"]) == (403, "permission_denied")
    assert client.put(SPRING, json=FILE, headers=to_try).status_code == 201


def test_who_needs_no_key_sees_what_was_made_here_to_try_voices(
    site: CampaignSite, service: FakeSpeechService
) -> None:
    site.store.create("here", {**FILE, "campaign": "here"}, owner="anna")
    site.store.create("wide", {**FILE, "campaign": "wide", "purpose": "publication"}, owner="anna")
    site.store.create("theirs", {**FILE, "campaign": "theirs"}, owner="key k3v9q0x2m1ab")
    app = site.anonymous(service)
    with TestClient(app, base_url="http://127.0.0.1:8080", client=("127.0.0.1", 50_000)) as client:
        found = client.get("/v1/campaigns").json()["data"]
        assert [one["id"] for one in found] == ["here"]
        assert client.get("/v1/campaigns/wide").status_code == 404
        assert client.get("/v1/campaigns/theirs").status_code == 404
        assert client.put(SPRING, json=FILE).status_code == 201
        assert client.get(SPRING).status_code == 200
    with TestClient(app, base_url="http://127.0.0.1:8080", client=("192.0.2.7", 50_000)) as client:
        assert client.get(SPRING).status_code == 401


def test_a_list_says_its_first_rejected_rows(client: TestClient, key: dict[str, str]) -> None:
    client.put(SPRING, json=FILE, headers=key)
    rows = "recipient_id,first_name\n" + "".join(f"r-{n},\n" for n in range(1, 31)) + "r-99,Anna\n"
    told = send_list(client, key, rows).json()
    assert (told["rows"], told["accepted"], told["rejected"]) == (31, 1, 30)
    assert len(told["first_rejected"]) == 20
    first = told["first_rejected"][0]
    assert (first["row"], first["recipient_id"]) == (2, "r-1")
    assert first["error"]["code"]
    lines = '{"recipient_id": "j-1", "first_name": "Ben"}\n'
    more = send_list(client, key, lines, key="k-2", **{"Content-Type": "application/jsonl"})
    assert more.json()["accepted"] == 1


def test_a_list_that_is_sent_twice_is_taken_once(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    first = send_list(client, key)
    again = send_list(client, key)
    assert "idempotent-replayed" not in first.headers
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", first.json())
    assert site.done == ["recipients"]
    other = send_list(client, key, LIST + "r-5,Carla\n")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert client.get(SPRING, headers=key).json()["rows"]["recipients"] == 4
    renamed = send_list(client, key, key="k-2")
    assert renamed.json() == first.json()
    assert len(site.store.recipients("spring")) == 4


def test_a_list_that_broke_off_goes_on_under_its_key(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    site.fault = WorkerLostError("killed")
    assert send_list(client, key).status_code == 503
    site.fault = None
    assert send_list(client, key).json()["accepted"] == 4


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": ""}, 400, "idempotency_key_invalid"),
        ({"key": "k\tx"}, 400, "idempotency_key_invalid"),
        ({"Content-Type": "text/plain"}, 400, "not_a_list"),
        ({"Content-Type": "application/json"}, 400, "not_a_list"),
    ],
)
def test_a_list_that_is_sent_wrongly_is_refused(
    site: CampaignSite,
    client: TestClient,
    key: dict[str, str],
    changes: dict[str, str],
    status: int,
    code: str,
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    answer = send_list(client, key, **changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    missing = client.post(
        f"{SPRING}/recipients", content=LIST, headers={**key, "Content-Type": "text/csv"}
    )
    assert missing.json()["error"]["code"] == "idempotency_key_missing"
    assert site.done == []


def test_a_list_is_bounded_whether_its_size_is_announced_or_not(
    site: CampaignSite, service: FakeSpeechService, keys: MemoryKeys, clock: MovedClock
) -> None:
    key = keys.issue(rights=["campaigns"])
    app = site.keyed(service, keys, clock, settings=HttpSettings(max_list_bytes=100))
    with TestClient(app, base_url="http://speech.example", client=("192.0.2.7", 50_000)) as client:
        client.put(SPRING, json=FILE, headers=key)
        long = b"r-1,Anna\n" * 20
        for content in (long, iter([long[:50], long[50:]])):
            answer = send_list(client, key, content)  # type: ignore[arg-type]
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")
            assert answer.headers["connection"] == "close"
        assert send_list(client, key).status_code == 200
    assert site.done == ["recipients"]


def test_a_second_list_waits_for_the_first(
    site: CampaignSite, client: TestClient, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    begun, go_on = threading.Event(), threading.Event()
    do = site.service._do

    def slow(*arguments: Any, **named: Any) -> dict[str, Any]:
        begun.set()
        assert go_on.wait(30)
        return do(*arguments, **named)

    monkeypatch.setattr(site.service, "_do", slow)
    first: list[Any] = []
    sending = threading.Thread(target=lambda: first.append(send_list(client, key)))
    sending.start()
    assert begun.wait(30)
    second = send_list(client, key, LIST + "r-9,Zoe\n", key="k-2")
    go_on.set()
    sending.join(30)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "upload_in_progress")
    assert int(second.headers["retry-after"]) > 0
    assert first[0].json()["accepted"] == 4


def test_what_is_no_list_and_what_is_not_calibrated_is_explained(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    site.fault = RecipientListError("header of the recipient list", ["column id is missing"])
    answer = send_list(client, key)
    assert (answer.status_code, answer.json()["faults"]) == (422, ["column id is missing"])
    site.fault = NotCalibratedError("`voxgate campaign calibrate spring` sets the limits")
    client.post(f"{SPRING}/dry-run", json={}, headers=key)
    look = lambda: client.get(f"{SPRING}/dry-run", headers=key).json()  # noqa: E731
    run = wait_for(look, "failed")
    assert run["error"]["code"] == "not_calibrated"
    assert "calibrate" in run["error"]["message"]
    site.fault = DeadlineError("/srv/secret took too long")
    client.post(f"{SPRING}/dry-run", json={}, headers=key)
    run = wait_for(lambda: look() if look()["error"]["code"] == "deadline_exceeded" else
                   {"status": "queued"}, "failed")  # fmt: skip
    assert "/srv" not in json.dumps(run)


def test_what_cannot_be_done_now_is_a_conflict(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    none = client.get(f"{SPRING}/dry-run", headers=key)
    assert (none.status_code, none.json()["error"]["code"]) == (404, "dry_run_not_found")
    early = client.post(f"{SPRING}/start", json={}, headers=key)
    assert (early.status_code, early.json()["error"]["code"]) == (409, "campaign_state")
    unsaid = client.post(f"{SPRING}/cancel", json={}, headers=key)
    assert (unsaid.status_code, unsaid.json()["error"]["param"]) == (400, "reason")
    blank = client.post(f"{SPRING}/cancel", json={"reason": "  "}, headers=key)
    assert blank.status_code == 400
    form = client.post(f"{SPRING}/cancel", content="reason=x", headers=key)
    assert form.json()["error"]["code"] == "not_json"
    assert client.get(SPRING, headers=key).json()["status"] == "draft"
    ended = client.post(f"{SPRING}/cancel", json={"reason": "not now"}, headers=key).json()
    assert (ended["status"], ended["why"]) == ("cancelled", "not now")
    late = client.post(f"{SPRING}/dry-run", json={}, headers=key)
    assert late.status_code == 409
    assert "plan" not in site.done


def test_a_campaign_is_paused_and_cancelled(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    address = spoken_campaign(site, client, key)
    client.post(f"{address}/approve", json={"reason": "heard"}, headers=key)
    held = client.post(f"{address}/pause", json={"reason": "lunch"}, headers=key).json()
    assert (held["status"], held["why"]) == ("paused", "lunch")
    again = client.post(f"{address}/pause", json={"reason": "lunch"}, headers=key)
    assert again.status_code == 200
    ended = client.post(f"{address}/cancel", json={"reason": "enough"}, headers=key).json()
    assert ended["status"] == "cancelled"
    assert ended["items"] == {"stored": 3, "cancelled": 1}


def test_a_bad_sentence_is_told_in_words_and_accepted_by_who_heard_it(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    address = spoken_campaign(site, client, key)
    client.post(f"{address}/approve", json={"reason": "heard"}, headers=key)
    site.work("spring")
    assert client.get(address, headers=key).json()["status"] == "finished"
    (bad,) = client.get(f"{address}/sentences", headers=key).json()["data"]
    assert "Siobhan" in bad["text"]
    assert [fault["code"] for fault in bad["faults"]] == ["slot", "noisy"]
    assert bad["faults"][1]["text"] == "there is noise"
    assert client.get(bad["output"]["url"]).headers["content-type"] == "audio/flac"
    unsaid = client.post(f"{address}/sentences/{bad['key']}/accept", json={}, headers=key)
    assert unsaid.status_code == 400
    unknown = client.post(f"{address}/sentences/no/accept", json={"reason": "x"}, headers=key)
    assert unknown.status_code == 409
    told = client.post(
        f"{address}/sentences/{bad['key']}/accept", json={"reason": "she says so"}, headers=key
    ).json()
    assert told["status"] == "running"
    site.work("spring")
    assert client.get(address, headers=key).json()["items"] == {"stored": 4}
    assert client.get(f"{address}/sentences", headers=key).json()["data"] == []


def test_lists_go_page_by_page(site: CampaignSite, client: TestClient, key: dict[str, str]) -> None:
    address = spoken_campaign(site, client, key)
    seen, after = [], ""
    while True:
        page = client.get(f"{address}/items?limit=3{after}", headers=key).json()
        seen += [one["recipient_id"] for one in page["data"]]
        if not page["has_more"]:
            break
        after = f"&after={page['last_id']}"
    assert seen == ["r-1", "r-2", "r-3", "r-4"]
    proof = client.get(f"{address}/items?proof=true&texts=true", headers=key).json()["data"]
    assert [one["text"] for one in proof] == [
        f"Hello {name}, this is Green Street Dental. Please call us back."
        for name in ("Anna", "Ben")
    ]
    client.put("/v1/campaigns/autumn", json=FILE, headers=key)
    first = client.get("/v1/campaigns?limit=1", headers=key).json()
    assert (first["last_id"], first["has_more"]) == ("autumn", True)
    rest = client.get("/v1/campaigns?limit=1&after=autumn", headers=key).json()
    assert ([one["id"] for one in rest["data"]], rest["has_more"]) == (["spring"], False)
    for query in ("limit=0", "limit=201", "status=fine", "after=x", "colour=red"):
        assert client.get(f"{address}/items?{query}", headers=key).status_code == 400


def test_the_newest_report_is_returned(
    site: CampaignSite, client: TestClient, key: dict[str, str]
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    none = client.get(f"{SPRING}/report", headers=key)
    assert (none.status_code, none.json()["error"]["code"]) == (404, "report_not_found")
    assert "voxgate campaign report" in none.json()["detail"]
    for age, name in ((100, "a" * 32), (0, "b" * 32), (200, "c" * 32)):
        folder = Path(site.folder) / ".voxgate" / "campaigns" / "spring" / name
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(json.dumps({"table": name}), encoding="utf-8")

        os.utime(folder / "report.json", (1_700_000_000 - age,) * 2)
    assert client.get(f"{SPRING}/report", headers=key).json() == {"table": "b" * 32}


@pytest.mark.parametrize("reason", ["a\x00b", "\x1b[31mred", "a\nb", "\u202egnp"])
def test_a_reason_is_one_line_that_prints(
    client: TestClient, key: dict[str, str], reason: str
) -> None:
    client.put(SPRING, json=FILE, headers=key)
    answer = client.post(f"{SPRING}/cancel", json={"reason": reason}, headers=key)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "reason")
    assert client.get(SPRING, headers=key).json()["status"] == "draft"
    for path in ("sentences?after=%00", "sentences?after=a%20b"):
        assert client.get(f"{SPRING}/{path}", headers=key).status_code == 400
    accepted = client.post(f"{SPRING}/sentences/%00/accept", json={"reason": "x"}, headers=key)
    assert accepted.status_code == 400


def test_an_id_that_no_campaign_can_have_is_unknown(
    client: TestClient, key: dict[str, str]
) -> None:
    for name in ("A", "a%20b", "x" * 61, "%2e%2e", "a'--"):
        assert client.get(f"/v1/campaigns/{name}", headers=key).status_code == 404
        assert client.put(f"/v1/campaigns/{name}", json=FILE, headers=key).status_code in {404, 422}


def test_the_schema_has_what_is_sent(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    one = paths["/v1/campaigns/{campaign_id}"]
    file = one["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"purpose", "model", "templates"} == set(file["required"])
    assert file["properties"]["format"]["enum"] == ["mp3", "wav", "opus", "flac", "ulaw"]
    lists = paths["/v1/campaigns/{campaign_id}/recipients"]["post"]
    assert set(lists["requestBody"]["content"]) == {"text/csv", "application/jsonl"}
    for action in ("start", "approve", "pause", "resume", "cancel"):
        assert "post" in paths[f"/v1/campaigns/{{campaign_id}}/{action}"]
    names = [way["operationId"] for path in paths.values() for way in path.values()]
    assert len(names) == len(set(names))
