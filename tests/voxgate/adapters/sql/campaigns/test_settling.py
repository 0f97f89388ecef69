"""Only the newest holder is heard, once; what it tells reaches every file that rests on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes.campaigns import begin, fill, make_output, make_result, run, speak, take
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.ports import Claim, Deviation, Selector, SettledRender, SettledSentence
from voxgate.campaigns.records import (
    CellState,
    Fault,
    RenderState,
    SentenceState,
)

Age = Callable[[float], None]
BROKEN = Fault(code="no_sound", detail="nothing was said")


def _passed(key: str, attempt: int = 1) -> SettledSentence:
    return SettledSentence(
        key=key, attempt=attempt, state=SentenceState.PASSED, result=make_result(key)
    )


def _failed(key: str, attempt: int = 1) -> SettledSentence:
    return SettledSentence(key=key, attempt=attempt, state=SentenceState.FAILED, fault=BROKEN)


def _stored(key: str, attempt: int = 1) -> SettledRender:
    return SettledRender(
        key=key, attempt=attempt, state=RenderState.STORED, output=make_output(key)
    )


@pytest.fixture
def claim(store: SqlCampaignStore) -> Claim:
    """A claim of the sentences of a running campaign: visit, hello-Al, hello-Bo."""
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    return take(store)


def test_a_file_is_ready_when_its_last_sentence_passed(
    store: SqlCampaignStore, claim: Claim
) -> None:
    store.settle_sentences("spring", [_passed("hello-Al")])
    assert store.claim(worker="w-2", lease_s=60.0) is None
    store.settle_sentences("spring", [_passed("visit")])
    assert [work.key for work in take(store).renders] == ["file-Al"]
    [(work, result, fault)] = store.sentences("spring", after="hello-Bo")
    assert (work.key, result, fault) == ("visit", make_result("visit"), None)
    assert len(claim.sentences) == 3


def test_what_is_told_late_is_lost_and_changes_nothing(
    store: SqlCampaignStore, claim: Claim, age: Age
) -> None:
    age(100)
    take(store)
    before = store.sentences("spring"), store.counts("spring")
    stale = [_passed("visit"), _passed("nobody-knows"), replace(_failed("visit"), attempt=9)]
    assert set(store.settle_sentences("spring", stale).lost) == {"visit", "nobody-knows"}
    assert (store.sentences("spring"), store.counts("spring")) == before
    assert store.spoken_before(["visit"]) == {}
    assert store.settle_sentences("spring", [_passed("visit", 2)]).lost == ()
    assert store.settle_sentences("spring", [_failed("visit", 2)]).lost == ("visit",)


def test_a_lease_that_ended_still_counts_while_nobody_came(
    store: SqlCampaignStore, claim: Claim, age: Age
) -> None:
    age(1000)
    assert speak(store, claim).lost == ()
    renders = take(store)
    age(1000)
    assert speak(store, renders).lost == ()
    assert store.counts("spring").cells == {CellState.STORED: 2}


def test_a_render_is_stored_once(store: SqlCampaignStore, claim: Claim, age: Age) -> None:
    speak(store, claim)
    take(store, limit=1)
    age(100)
    take(store, limit=1)  # the other one, which nobody died with
    take(store, limit=1)
    assert store.settle_renders("spring", [_stored("file-Al"), _stored("else")]).lost == (
        "file-Al", "else",
    )  # fmt: skip
    assert store.settle_renders("spring", [_stored("file-Al", 2)]).lost == ()
    assert store.settle_renders("spring", [_stored("file-Al", 2)]).lost == ("file-Al",)
    [cell] = store.cells("spring", state=CellState.STORED)
    assert (cell.recipient_id, cell.output, cell.attempt) == ("r-1", make_output("file-Al"), 2)
    assert cell.started_at_s is not None
    assert cell.completed_at_s is not None
    assert cell.completed_at_s >= cell.started_at_s


def test_a_sentence_that_failed_fails_all_files_that_need_it(
    store: SqlCampaignStore, claim: Claim
) -> None:
    store.settle_sentences("spring", [_failed("hello-Al"), _passed("visit"), _passed("hello-Bo")])
    first, second = store.each_cell("spring")
    assert (first.state, first.fault) == (CellState.FAILED, BROKEN)
    assert second.state is CellState.QUEUED
    assert [one.passed for one in store.recent_results("spring")] == [True, True]
    assert len(store.recent_results("spring", limit=1)) == 1
    run(store, "spring")
    assert not store.has_open_work("spring")


def test_a_render_that_failed_says_why(store: SqlCampaignStore, claim: Claim) -> None:
    speak(store, claim)
    take(store)
    failed = SettledRender(key="file-Al", attempt=1, state=RenderState.FAILED, fault=BROKEN)
    store.settle_renders("spring", [failed])
    [cell] = store.cells("spring", state=CellState.FAILED)
    assert (cell.fault, cell.output) == (BROKEN, None)


@pytest.mark.parametrize(
    "settled",
    [
        replace(_passed("visit"), result=None),
        replace(_failed("visit"), fault=None),
        replace(_passed("visit"), state=SentenceState.RUNNING),
    ],
)
def test_an_end_of_a_sentence_says_what_it_must(
    store: SqlCampaignStore, claim: Claim, settled: SettledSentence
) -> None:
    with pytest.raises(ValueError, match="sentence visit"):
        store.settle_sentences("spring", [_passed("hello-Al"), settled])
    assert store.counts("spring").sentences == {SentenceState.RUNNING: 3}


@pytest.mark.parametrize(
    "settled",
    [
        replace(_stored("file-Al"), output=None),
        replace(_stored("file-Al"), state=RenderState.FAILED),
        replace(_stored("file-Al"), state=RenderState.RECALLED),
    ],
)
def test_an_end_of_a_render_says_what_it_must(
    store: SqlCampaignStore, claim: Claim, settled: SettledRender
) -> None:
    speak(store, claim)
    take(store)
    with pytest.raises(ValueError, match="render file-Al"):
        store.settle_renders("spring", [settled])


def test_two_campaigns_that_speak_the_same_keep_what_came_first(store: SqlCampaignStore) -> None:
    for name in ("spring", "autumn"):
        fill(store, name, ["Al"])
        begin(store, name)
    claims = {name: take(store, campaign_id=name) for name in ("spring", "autumn")}
    assert speak(store, claims["spring"]).deviations == ()
    other = {"hello-Al": {"pcm_sha256": "e" * 64}, "visit": {"pcm_sha256": "e" * 64}}
    other["visit"]["machine"] = "arm64"
    settled = speak(store, claims["autumn"], lambda w: make_result(w.key, **other[w.key]))
    before = make_result("hello-Al").pcm_sha256
    assert settled.deviations == (Deviation(key="hello-Al", before=before, now="e" * 64),)
    results = [make_result("hello-Al"), make_result("visit")]
    assert list(take(store, campaign_id="autumn").renders[0].sentences) == results


def test_what_is_told_after_a_recall_is_lost_and_its_file_is_removed(
    store: SqlCampaignStore, claim: Claim
) -> None:
    speak(store, Claim(campaign=claim.campaign, sentences=claim.sentences[:2]))
    renders = take(store)
    store.recall(Selector(model="voice-en"), actor="anna", reason="bad")
    late = Claim(campaign=claim.campaign, sentences=claim.sentences[2:])
    store.note_removed(store.recalled_files())
    assert store.recalled_files() == []
    assert speak(store, late).lost == (claim.sentences[2].key,)
    assert speak(store, renders).lost == (renders.renders[0].key,)
    written = {f"asset-{claim.sentences[2].key}", renders.renders[0].asset_id}
    assert set(store.recalled_files()) == written
    assert store.spoken_before([claim.sentences[2].key]) == {}
