"""What a person heard passes, and its files are made."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fakes.campaigns import begin, fill, make_result, run, speak, take
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.events import Kind
from voxgate.campaigns.records import (
    CampaignState,
    CellState,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.transitions import cancel, end_part, start
from voxgate.errors import CampaignStateError


def _speak_badly(store: SqlCampaignStore, *bad: str) -> None:
    speak(store, take(store), lambda w: make_result(w.key, passed=w.key not in bad))


def test_a_sentence_that_needs_review_holds_its_files(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    _speak_badly(store, "hello-Al")
    run(store, "spring")
    assert not store.has_open_work("spring")
    first, second = store.each_cell("spring")
    assert (first.state, second.state) == (CellState.NEEDS_REVIEW, CellState.STORED)
    assert first.fault is not None
    assert (first.fault.code, first.fault.detail) == (
        "needs_review", "sentence hello-Al passed no check",
    )  # fmt: skip
    [(work, result, _)] = store.sentences("spring", state=SentenceState.NEEDS_REVIEW)
    assert (work.key, result) == ("hello-Al", make_result("hello-Al", passed=False))


def test_what_was_heard_is_made_although_the_campaign_had_finished(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    _speak_badly(store, "hello-Al")
    run(store, "spring")
    store.change("spring", partial(end_part, actor="worker"))
    store.accept_reviewed("spring", "hello-Al", actor="anna", reason="it is fine")
    campaign = store.campaign("spring")
    assert (campaign.state, campaign.completed_at_s) == (CampaignState.RUNNING, None)
    event = store.events("spring")[-1]
    assert (event.kind, event.actor, event.facts["sentence"]) == (
        Kind.REVIEWED, "anna", "hello-Al",
    )  # fmt: skip
    assert run(store, "spring") == 1
    assert store.counts("spring").cells == {CellState.STORED: 2}


def test_a_file_waits_for_all_of_its_sentences(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    _speak_badly(store, "hello-Al", "visit")
    store.accept_reviewed("spring", "visit", actor="anna", reason="fine")
    assert store.counts("spring").renders == {
        RenderState.NEEDS_REVIEW: 1, RenderState.WAITING: 1,
    }  # fmt: skip
    store.accept_reviewed("spring", "hello-Al", actor="anna", reason="fine")
    run(store, "spring")
    assert store.counts("spring").cells == {CellState.STORED: 2}


def test_a_file_waits_for_what_is_not_spoken_yet(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    speak(store, take(store, limit=1), lambda w: make_result(w.key, passed=False))
    [(work, _, _)] = store.sentences("spring", state=SentenceState.NEEDS_REVIEW)
    store.accept_reviewed("spring", work.key, actor="anna", reason="fine")
    claim = take(store)
    assert len(claim.sentences) == 1
    speak(store, claim)
    assert [work.key for work in take(store).renders] == ["file-Al"]


def test_a_proof_sample_goes_on_when_it_was_heard(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"], proof=1)
    store.change("spring", partial(start, actor="anna"))
    _speak_badly(store, "hello-Al")
    store.change("spring", partial(end_part, actor="worker"))
    assert store.campaign("spring").state is CampaignState.PROOFED
    store.accept_reviewed("spring", "hello-Al", actor="anna", reason="fine")
    assert store.campaign("spring").state is CampaignState.PROOFING
    assert [work.key for work in take(store).renders] == ["file-Al"]


def test_only_what_needs_review_is_accepted(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    _speak_badly(store, "hello-Al")
    for key, found in (("visit", "passed"), ("else", "not there")):
        with pytest.raises(CampaignStateError, match=f"{key}' is {found}, not needs_review"):
            store.accept_reviewed("spring", key, actor="anna", reason="")
    store.change("spring", partial(cancel, actor="anna", reason="enough"))
    with pytest.raises(CampaignStateError, match="is cancelled: nothing is made"):
        store.accept_reviewed("spring", "hello-Al", actor="anna", reason="")
    assert store.counts("spring").cells == {CellState.CANCELLED: 1}
