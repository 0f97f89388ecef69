from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from tests.fakes.http_service import SPEECH
from tests.fakes.speech_service import FakeSpeechService
from voxgate.adapters.http.tracing import read_trace

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_trace_is_continued_under_a_span_of_its_own() -> None:
    trace = read_trace(["my-id_1"], [PARENT])
    assert trace.request_id == "my-id_1"
    assert trace.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert trace.traceparent.endswith("-01")
    assert trace.span_id != "b7ad6b7169203331"


@pytest.mark.parametrize(
    "given", [[], [""], ["x" * 65], ["a b"], ["a\r\nSet-Cookie: x"], ["é"], ["one", "two"]]
)
def test_a_name_that_is_not_well_formed_is_replaced(given: list[str]) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", read_trace(given, []).request_id)


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["00-" + "0" * 32 + "-b7ad6b7169203331-01"],
        ["00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01"],
        ["ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
        [f"{PARENT}-more"],
        [PARENT.upper()],
        [PARENT, PARENT],
    ],
)
def test_a_trace_that_is_not_well_formed_begins_anew(given: list[str]) -> None:
    trace = read_trace([], given)
    assert trace.trace_id != "0af7651916cd43dd8448eb211c80319c"
    assert trace.trace_id.strip("0")


def test_a_later_version_may_say_more() -> None:
    assert read_trace([], [f"01{PARENT[2:]}-more"]).trace_id == "0af7651916cd43dd8448eb211c80319c"


def test_service_and_client_are_told_the_same_names(
    client: TestClient, service: FakeSpeechService
) -> None:
    headers = {"X-Request-ID": "order-17", "traceparent": PARENT}
    answer = client.post("/v1/audio/speech", json=SPEECH, headers=headers)
    _, caller = service.asked[0]
    assert caller.request_id == answer.headers["x-request-id"] == "order-17"
    assert caller.trace_id == answer.headers["traceparent"].split("-")[1] == PARENT.split("-")[1]
