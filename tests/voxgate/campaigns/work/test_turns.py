"""Turns at a real store: a campaign to its end, and everything that may come in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.campaign_work import (
    VISIT,
    asset_of,
    begin,
    digests,
    hello,
    let_go_on,
    let_leases_end,
    make_tools,
    plan_campaign,
    require_whole,
    work_off,
)
from tests.fakes.studio import ALWAYS, FakeStudio, with_salt
from voxgate.campaigns.events import Kind
from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.records import Campaign, CampaignState, CellState, SentenceState
from voxgate.campaigns.transitions import pause
from voxgate.campaigns.work.rendering import RenderRecipe
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.errors import ConsentError, ExternalServiceError, StorageError, VoiceError

NAMES = ["Anna", "Bo", "Cy", "Dee", "Anna", "Eve"]
SENTENCES = 6


def proofed(tools: CampaignTools, names: list[str] | None = None, **spec: Any) -> CampaignWorker:
    """Plan a campaign and speak its proof sample; returns the worker that did."""
    worker = CampaignWorker(tools=tools)
    plan_campaign(tools.store, "spring", names or NAMES, **spec)
    begin(tools.store, "spring")
    work_off(worker)
    assert tools.store.campaign("spring").state is CampaignState.PROOFED
    return worker


def kinds(tools: CampaignTools) -> list[Kind]:
    return [event.kind for event in tools.store.events("spring")]


# --------------------------------------------------------------------------- To the end


def test_only_the_proof_sample_is_spoken_before_somebody_heard_it(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    proofed(tools, proof=2)
    assert {text for text, _, _ in studio.said} == {hello("Anna"), hello("Bo"), VISIT}
    assert CampaignWorker(tools=tools).take_turn() is None


def test_a_campaign_is_spoken_to_its_end_and_every_cell_has_one_file(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    worker = proofed(tools)
    let_go_on(tools.store, "spring")
    work_off(worker)
    assert tools.store.campaign("spring").state is CampaignState.FINISHED
    require_whole(tools, "spring", len(NAMES))
    assert len(studio.said) == SENTENCES, "each sentence once, however many cells say it"
    assert kinds(tools)[-4:] == [Kind.STARTED, Kind.PROOFED, Kind.APPROVED, Kind.FINISHED]


def test_a_turn_says_what_came_of_it(folder: Path) -> None:
    tools = make_tools(folder, FakeStudio(unspeakable=frozenset({hello("Bo")})))
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    worker = CampaignWorker(tools=tools)
    first, second = worker.take_turn(), worker.take_turn("spring")
    assert first is not None
    assert (first.campaign, first.spoken, first.passed, first.failed) == ("spring", 3, 2, 1)
    assert first.state is CampaignState.PROOFING
    assert second is not None
    assert (second.spoken, second.rendered) == (0, 1)
    assert second.state is CampaignState.PROOFED


def test_small_claims_give_the_same_files(folder: Path) -> None:
    ends = []
    for name, size in (("one", 1), ("all", 32)):
        (folder / name).mkdir()
        tools = make_tools(folder / name, FakeStudio(), claim_size=size, render_claim_size=size)
        worker = proofed(tools)
        let_go_on(tools.store, "spring")
        work_off(worker)
        ends.append(digests(tools.store, "spring"))
    assert ends[0] == ends[1]
    assert len(ends[0]) == len(NAMES)


def test_what_needs_review_is_kept_with_audio_and_goes_on_when_it_was_heard(folder: Path) -> None:
    tools = make_tools(folder, FakeStudio(bad={hello("Cy"): ALWAYS}))
    worker = proofed(tools)
    let_go_on(tools.store, "spring")
    work_off(worker)
    store = tools.store
    assert store.counts("spring").cells == {CellState.STORED: 5, CellState.NEEDS_REVIEW: 1}
    [(work, result, _)] = store.sentences("spring", state=SentenceState.NEEDS_REVIEW)
    assert result is not None
    assert tools.assets.describe(result.asset_id).bytes
    store.accept_reviewed("spring", work.key, actor="anna", reason="it is Cy")
    assert store.campaign("spring").state is CampaignState.RUNNING
    work_off(worker)
    assert store.campaign("spring").state is CampaignState.FINISHED
    require_whole(tools, "spring", len(NAMES))


def test_the_studio_of_a_campaign_is_opened_once(folder: Path) -> None:
    opened: list[str] = []
    studio = FakeStudio()

    def open_studio(campaign: Campaign) -> FakeStudio:
        opened.append(campaign.id)
        return studio

    tools = make_tools(folder, studio, open_studio=open_studio, claim_size=1)
    proofed(tools)
    assert opened == ["spring"]


def test_an_equal_campaign_speaks_nothing_again(folder: Path) -> None:
    """Keys are of inputs: what an earlier campaign spoke is found."""
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    worker = proofed(tools)
    let_go_on(tools.store, "spring")
    work_off(worker)
    before = len(studio.said)
    plan_campaign(tools.store, "again", NAMES, keys_of="spring")
    begin(tools.store, "again")
    work_off(worker)
    let_go_on(tools.store, "again")
    work_off(worker)
    assert len(studio.said) == before
    assert tools.store.counts("again").found == SENTENCES
    assert digests(tools.store, "again") == digests(tools.store, "spring")


# --------------------------------------------------------------------------- What stops it


def test_a_campaign_whose_time_is_over_expires_and_nothing_more_is_spoken(folder: Path) -> None:
    now = [datetime(2026, 11, 3, 11, tzinfo=UTC)]
    studio = FakeStudio()
    tools = make_tools(folder, studio, clock=lambda: now[0])
    worker = proofed(tools, send_by="2026-11-03T12:00:00+00:00")
    let_go_on(tools.store, "spring")
    said = len(studio.said)
    now[0] = datetime(2026, 11, 3, 12, 0, 1, tzinfo=UTC)
    turn = worker.take_turn()
    assert turn is not None
    assert turn.state is CampaignState.EXPIRED
    assert len(studio.said) == said
    assert worker.take_turn() is None
    cells = tools.store.counts("spring").cells
    assert cells == {CellState.STORED: 3, CellState.EXPIRED: 3}
    assert kinds(tools)[-1] is Kind.EXPIRED


def test_a_consent_that_was_withdrawn_stops_it_at_the_next_claim(folder: Path) -> None:
    withdrawn: list[str] = []

    def require_allowed(_campaign: Campaign) -> None:
        if withdrawn:
            raise ConsentError("anna@1: the consent was withdrawn")

    studio = FakeStudio()
    tools = make_tools(folder, studio, require_allowed=require_allowed)
    worker = proofed(tools)
    let_go_on(tools.store, "spring")
    said = len(studio.said)
    withdrawn.append("today")
    turn = worker.take_turn()
    assert turn is not None
    assert turn.state is CampaignState.STOPPED
    assert "withdrawn" in tools.store.campaign("spring").why
    assert len(studio.said) == said
    assert not tools.store.counts("spring").sentences.get(SentenceState.RUNNING), "handed back"


def test_too_many_refusals_stop_it(folder: Path) -> None:
    names = [f"Name{number}" for number in range(60)]
    tools = make_tools(folder, FakeStudio(bad={hello(name): 1 for name in names[10:]}))
    worker = proofed(tools, names, proof=5)
    let_go_on(tools.store, "spring")
    work_off(worker)
    campaign = tools.store.campaign("spring")
    assert campaign.state is CampaignState.STOPPED
    assert "were refused at first" in campaign.why
    assert tools.store.counts("spring").sentences[SentenceState.WAITING] > 0
    assert kinds(tools)[-1] is Kind.STOPPED


def test_other_samples_from_equal_inputs_stop_it(folder: Path) -> None:
    studio = FakeStudio()
    other = with_salt(studio, "other weights")
    store = make_tools(folder, studio).store
    for campaign_id in ("spring", "again"):
        plan_campaign(store, campaign_id, NAMES, keys_of="both")
        begin(store, campaign_id)
    work_off(CampaignWorker(tools=make_tools(folder, studio)), "spring")
    work_off(CampaignWorker(tools=make_tools(folder, other)), "again")
    campaign = store.campaign("again")
    assert campaign.state is CampaignState.STOPPED
    assert "other samples" in campaign.why
    assert store.campaign("spring").state is CampaignState.PROOFED


def test_another_kind_of_machine_may_give_other_samples(folder: Path) -> None:
    studio = FakeStudio()
    other = with_salt(studio, "other arithmetic")
    other.machine = "another"
    store = make_tools(folder, studio).store
    for campaign_id in ("spring", "again"):
        plan_campaign(store, campaign_id, NAMES, keys_of="both")
        begin(store, campaign_id)
    work_off(CampaignWorker(tools=make_tools(folder, studio)), "spring")
    work_off(CampaignWorker(tools=make_tools(folder, other)), "again")
    assert store.campaign("again").state is CampaignState.PROOFED
    assert digests(store, "again") == digests(store, "spring"), "the first that was kept holds"


def test_a_voice_that_cannot_be_loaded_stops_it_and_says_why(folder: Path) -> None:
    def open_studio(_campaign: Campaign) -> FakeStudio:
        raise VoiceError("the package lacks its weights")

    tools = make_tools(folder, FakeStudio(), open_studio=open_studio)
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    with pytest.raises(VoiceError, match="weights"):
        CampaignWorker(tools=tools).take_turn()
    campaign = tools.store.campaign("spring")
    assert campaign.state is CampaignState.STOPPED
    assert "weights" in campaign.why
    assert not tools.store.counts("spring").sentences.get(SentenceState.RUNNING)


# --------------------------------------------------------------------------- What is handed back


class Shut:
    """A store of files that is away while it is told to be."""

    def __init__(self, assets: Any) -> None:
        self._assets = assets
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assets, name)

    def put(self, *args: Any, **options: Any) -> Any:
        if self.error is not None:
            raise self.error
        return self._assets.put(*args, **options)


@pytest.mark.parametrize("error", [StorageError("full"), ExternalServiceError("away")])
def test_a_store_of_files_that_is_away_stops_nothing(folder: Path, error: Exception) -> None:
    studio = FakeStudio()
    inner = make_tools(folder, studio)
    shut = Shut(inner.assets)
    tools = make_tools(folder, studio, assets=shut)
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    worker = CampaignWorker(tools=tools)
    shut.error = error
    for _ in range(5):  # more often than workers may die with it
        with pytest.raises(type(error)):
            worker.take_turn()
    assert tools.store.campaign("spring").state is CampaignState.PROOFING
    assert set(tools.store.counts("spring").sentences) == {SentenceState.WAITING}
    shut.error = None
    work_off(worker)
    let_go_on(tools.store, "spring")
    work_off(worker)
    require_whole(tools, "spring", len(NAMES))


def test_a_pause_lets_the_turn_at_hand_end_and_begins_no_other(folder: Path) -> None:
    tools_of: list[CampaignTools] = []
    hold = partial(pause, actor="anna", reason="wait")

    def stop_at_dee(piece: Piece) -> None:
        if piece.text == hello("Dee"):
            tools_of[0].store.change("spring", hold)

    studio = FakeStudio(before=stop_at_dee)
    tools = make_tools(folder, studio, claim_size=2)
    tools_of.append(tools)
    worker = proofed(tools)
    let_go_on(tools.store, "spring")
    turn = worker.take_turn()
    assert turn is not None
    assert turn.state is CampaignState.PAUSED
    assert turn.passed == 2
    assert worker.take_turn() is None


# --------------------------------------------------------------------------- Lost leases


def interrupted(folder: Path, act: Callable[[CampaignTools], None]) -> CampaignTools:
    """Return tools with which `act` happens once, while the first sentence is spoken."""
    acted: list[str] = []

    def before(_piece: Piece) -> None:
        if not acted:
            acted.append("once")
            act(tools)

    tools = make_tools(folder, FakeStudio(before=before))
    plan_campaign(tools.store, "spring", ["Anna", "Bo"])
    begin(tools.store, "spring")
    return tools


def files_of(folder: Path) -> set[str]:
    files = (path for path in (folder / "assets").rglob("*") if path.is_file())
    return {path.name for path in files if path.suffix != ".json"}


def test_who_lost_the_lease_throws_its_files_away_and_is_not_heard(folder: Path) -> None:
    def overtake(_tools: CampaignTools) -> None:
        let_leases_end(folder)
        work_off(CampaignWorker(tools=make_tools(folder, FakeStudio(), worker="w-2")))

    tools = interrupted(folder, overtake)
    turn = CampaignWorker(tools=tools).take_turn()
    assert turn is not None
    assert turn.lost == 3
    results = [result for _, result, _ in tools.store.sentences("spring")]
    kept = {result.asset_id for result in results if result is not None}
    renders = {asset_of("spring", "Anna"), asset_of("spring", "Bo")}
    assert files_of(folder) == kept | renders
    assert len(kept) == 3
    require_whole(tools, "spring", 2)


def test_a_lease_that_ran_out_while_nobody_else_came_still_counts(folder: Path) -> None:
    tools = interrupted(folder, lambda _tools: let_leases_end(folder))
    turn = CampaignWorker(tools=tools).take_turn()
    assert turn is not None
    assert (turn.passed, turn.lost) == (3, 0)


def test_what_was_called_back_meanwhile_is_not_published(folder: Path) -> None:
    def call_back(tools: CampaignTools) -> None:
        tools.store.recall(Selector(campaign="spring"), actor="anna", reason="wrong day")

    tools = interrupted(folder, call_back)
    turn = CampaignWorker(tools=tools).take_turn()
    assert turn is not None
    assert (turn.state, turn.lost) == (CampaignState.RECALLED, 3)
    assert files_of(folder) == set()


def test_a_file_that_was_called_back_while_it_was_made_is_not_left_over(folder: Path) -> None:
    def recipe(_campaign: Campaign) -> RenderRecipe:
        store.recall(Selector(campaign="spring"), actor="anna", reason="wrong day")
        while files := store.recalled_files():
            tools.assets.remove_many(files)
            store.note_removed(files)
        return RenderRecipe(format="wav")

    tools = make_tools(folder, FakeStudio())
    plan_campaign(tools.store, "spring", ["Anna", "Bo"])
    begin(tools.store, "spring")
    assert CampaignWorker(tools=tools).take_turn() is not None
    tools = make_tools(folder, FakeStudio(), recipe=recipe)
    store = tools.store
    worker = CampaignWorker(tools=tools)
    worker._shelf.samples = lambda _: np.zeros(800, np.int16)  # type: ignore[method-assign]
    turn = worker.take_turn()
    assert turn is not None
    assert turn.lost == 2
    assert files_of(folder) == set()
