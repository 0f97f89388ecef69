from __future__ import annotations

import re

import pytest

from tests.fakes.campaigns import make_result
from voxgate.adapters.http.campaign_documents import (
    FAULTS,
    describe_dry_run,
    describe_sentence,
    page_of,
)
from voxgate.campaigns.quality.figures import MEASURES
from voxgate.campaigns.quality.rules import SentenceQuality
from voxgate.campaigns.records import SentenceState, SentenceWork
from voxgate.campaigns.service import DryRun, DryRunStatus, ShownSentence
from voxgate.errors import ExternalServiceError, NotCalibratedError


def test_every_fault_of_the_check_has_words() -> None:
    certain = SentenceQuality.__doc__ or ""
    without_limit = certain.partition("those that need no limit:")[2].partition(". `heard`")[0]
    named = set(re.findall(r"`(\w+)`", without_limit))
    assert len(named) > 5
    assert set(FAULTS) == {measure.fault for measure in MEASURES} | named


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/a/abc?expires=1", "http://here/a/abc?expires=1"),
        ("https://bucket.example/abc", "https://bucket.example/abc"),
        (None, None),
    ],
)
def test_an_address_without_a_server_gets_the_one_that_was_asked(
    url: str | None, told: str | None
) -> None:
    work = SentenceWork(
        key="k", place=0, facts={"text": "Hello."}, attempt=1, deliveries=1, cells=3
    )
    shown = ShownSentence(
        work=work,
        state=SentenceState.NEEDS_REVIEW,
        result=make_result("k", quality={"faults": ["a_new_one"], "figures": {}}),
        fault=None,
        url=url,
    )
    document = describe_sentence(shown, "http://here")
    assert document["output"]["url"] == told
    assert document["faults"] == [{"code": "a_new_one", "text": "a_new_one"}]


def test_a_dry_run_tells_faults_of_the_request_and_keeps_those_of_ours() -> None:
    def told(error: Exception) -> dict[str, str]:
        run = DryRun(campaign="spring", status=DryRunStatus.FAILED, error=error)
        found: dict[str, str] = describe_dry_run(run)["error"]
        return found

    assert told(NotCalibratedError("calibrate it")) == {
        "code": "not_calibrated",
        "message": "calibrate it",
    }
    ours = told(ExternalServiceError("postgres://user@db is away"))
    assert ours["code"] == "dependency_unavailable"
    assert "postgres" not in ours["message"]


def test_a_page_says_whether_there_is_more_and_where_it_goes_on() -> None:
    rows = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    assert page_of(rows, limit=2, name="id") == {
        "object": "list", "data": rows[:2], "has_more": True, "last_id": "b",
    }  # fmt: skip
    assert page_of([], limit=2, name="id")["last_id"] is None
