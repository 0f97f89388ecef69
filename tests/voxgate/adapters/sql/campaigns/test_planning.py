"""Plans come in batches and again; what was spoken or called back before is known."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fakes.campaigns import SPEC, begin, fill, make_recipient, make_result, run, speak, take
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.records import (
    CellState,
    Fault,
    PlannedCell,
    PlannedRender,
    PlannedSentence,
    RenderState,
    SentenceState,
)
from voxgate.campaigns.transitions import cancel
from voxgate.errors import CampaignStateError, LedgerError


def _sentence(key: str) -> PlannedSentence:
    return PlannedSentence(key=key, place=0, facts={"text": key})


def _render(key: str, *sentences: str) -> PlannedRender:
    return PlannedRender(key=key, asset_id=f"asset-{key}", template="reminder", sentences=sentences)


@pytest.fixture
def spring(store: SqlCampaignStore) -> str:
    store.create("spring", SPEC, owner="anna")
    store.add_rows("spring", "list-1", [make_recipient(n) for n in range(1, 4)])
    return "spring"


def test_a_plan_again_adds_nothing(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    before = (store.counts("spring"), list(store.each_cell("spring")), store.sentences("spring"))
    fill(store, "spring", ["Al", "Bo", "Al"])
    after = (store.counts("spring"), list(store.each_cell("spring")), store.sentences("spring"))
    assert after == before
    begin(store, "spring")
    run(store, "spring")
    fill_again = partial(store.add_plan, "spring", renders=[], sentences=[])
    cells = [PlannedCell(recipient_id="r-1", template="reminder", render="file-Al")]
    fill_again(cells=cells)
    with pytest.raises(CampaignStateError, match="cannot plan more sentences"):
        store.add_plan("spring", cells=[], renders=[], sentences=[_sentence("new")])


def test_batches_rest_on_those_before_them(store: SqlCampaignStore, spring: str) -> None:
    store.add_plan(spring, cells=[], renders=[], sentences=[_sentence("a"), _sentence("b")])
    store.add_plan(spring, cells=[], renders=[_render("ab", "a", "b", "a")], sentences=[])
    for number in (1, 2):
        cell = PlannedCell(recipient_id=f"r-{number}", template="reminder", render="ab")
        store.add_plan(spring, cells=[cell], renders=[], sentences=[])
    assert [(w.key, w.cells) for w, _, _ in store.sentences(spring)] == [("a", 2), ("b", 2)]
    assert [cell.shared_with for cell in store.each_cell(spring)] == [2, 2]
    assert store.counts(spring).cells == {CellState.QUEUED: 2, CellState.ACCEPTED: 1}


@pytest.mark.parametrize("names", ["sentence 'b'", "render 'bc'", "recipient 'r-9'"])
def test_a_plan_that_rests_on_nothing_is_refused_whole(
    store: SqlCampaignStore, spring: str, names: str
) -> None:
    kind = names.partition(" ")[0]
    renders = [_render("ab", "a", "b" if kind == "sentence" else "a")]
    of = "bc" if kind == "render" else "ab"
    who = "r-9" if kind == "recipient" else "r-1"
    cells = [PlannedCell(recipient_id=who, template="reminder", render=of)]
    with pytest.raises(LedgerError, match=f"a plan names {names}, which was not added"):
        store.add_plan(spring, cells=cells, renders=renders, sentences=[_sentence("a")])
    assert store.sentences(spring) == []


def test_a_cell_without_a_render_has_failed(store: SqlCampaignStore, spring: str) -> None:
    fault = Fault(code="unspeakable", detail="no sound for “日”")
    cell = PlannedCell(recipient_id="r-2", template="reminder", render=None, fault=fault)
    store.add_plan(spring, cells=[cell], renders=[], sentences=[])
    [told] = store.each_cell(spring)
    assert (told.state, told.fault, told.render, told.shared_with) == (
        CellState.FAILED, fault, None, 0,
    )  # fmt: skip


def test_a_plan_is_cleared_until_the_campaign_was_started(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    store.clear_plan("spring")
    assert store.counts("spring").sentences == {}
    assert list(store.each_cell("spring")) == []
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    with pytest.raises(CampaignStateError, match="cannot plan it anew while it is running"):
        store.clear_plan("spring")


def test_the_proof_sample_is_marked_with_all_that_it_needs(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    store.mark_proof("spring", [("r-2", "reminder")])
    assert [cell.proof for cell in store.each_cell("spring")] == [False, True]
    assert store.counts("spring").proof_open == 1
    with pytest.raises(LedgerError, match="'r-1', 'else': no such cell"):
        store.mark_proof("spring", [("r-1", "else")])


def test_what_was_spoken_before_is_found_in_its_state(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    claim = take(store)
    bad = make_result("hello-Bo", passed=False)
    speak(store, claim, lambda w: bad if w.key == "hello-Bo" else make_result(w.key))
    assert store.spoken_before(["visit", "hello-Bo", "else"]) == {
        "visit": make_result("visit"),
        "hello-Bo": bad,
    }
    fill(store, "autumn", ["Al", "Bo", "Cy"])
    counts = store.counts("autumn")
    assert counts.found == 3
    assert counts.sentences == {
        SentenceState.PASSED: 2, SentenceState.NEEDS_REVIEW: 1, SentenceState.WAITING: 1,
    }  # fmt: skip
    assert counts.renders == {RenderState.WAITING: 2, RenderState.NEEDS_REVIEW: 1}
    assert store.recent_results("autumn") == []


def test_a_fallback_that_was_spoken_is_found_by_no_other_campaign(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    speak(store, take(store), lambda w: make_result(w.key, fallback=w.place == 0))
    assert store.spoken_before(["visit", "hello-Al"]).keys() == {"visit"}
    assert take(store).renders[0].sentences[0].fallback


def test_what_was_called_back_is_not_spoken_again(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    run(store, "spring")
    store.recall(Selector(model="voice-en"), actor="anna", reason="bad")
    assert store.spoken_before(["visit"]) == {}
    fill(store, "autumn", ["Cy"])
    [failed] = store.sentences("autumn", state=SentenceState.FAILED)
    assert failed[0].key == "visit"
    assert failed[2] is not None
    assert failed[2].code == "recalled"
    [cell] = store.each_cell("autumn")
    assert (cell.state, cell.fault) == (CellState.FAILED, failed[2])


def test_what_was_called_back_by_campaign_is_spoken_again(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    run(store, "spring")
    store.recall(Selector(campaign="spring"), actor="anna", reason="wrong list")
    assert store.spoken_before(["visit"]) == {}
    fill(store, "autumn", ["Al"])
    begin(store, "autumn")
    run(store, "autumn")
    assert store.counts("autumn").cells == {CellState.STORED: 1}
    assert store.spoken_before(["visit"]) == {"visit": make_result("visit")}
    assert store.recalled_files() == []  # the new campaign has files of the same names
    store.change("autumn", partial(cancel, actor="anna", reason=""))
