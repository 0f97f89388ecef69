"""Campaigns, their events and the proof of them, and what a whole run comes to."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.fakes.campaigns import (
    SPEC,
    begin,
    fill,
    make_pinned,
    make_recipient,
    open_campaigns,
    run,
    take,
)
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import Database
from voxgate.anchor import Anchor
from voxgate.campaigns.events import Draft, Kind
from voxgate.campaigns.records import CampaignState, CellState
from voxgate.campaigns.transitions import end_part, pause, plan, start
from voxgate.errors import CampaignStateError, LedgerTamperedError, UnknownCampaignError


def _note(campaign: str, reason: str = "") -> Draft:
    return Draft(kind=Kind.REPORTED, campaign=campaign, actor="anna", reason=reason, facts={"n": 1})


def test_a_campaign_is_made_once_and_read_back(store: SqlCampaignStore) -> None:
    spec = {**SPEC, "lexicon": {"Siobhán\x00": "SH IH0 V AO1 N"}}
    made, new = store.create("spring", spec, owner="anna")
    assert (new, made.state, made.owner, made.spec) == (True, CampaignState.DRAFT, "anna", spec)
    assert store.create("spring", dict(spec), owner="bert") == (made, False)
    assert store.campaign("spring") == made
    with pytest.raises(CampaignStateError, match="spring is there already, with another file"):
        store.create("spring", SPEC, owner="anna")
    other, _ = store.create("autumn", SPEC, owner="anna")
    assert store.campaigns() == [other, made]
    assert [(e.kind, e.campaign) for e in store.events()] == [
        (Kind.CREATED, "spring"),
        (Kind.CREATED, "autumn"),
    ]


def test_what_is_not_there_is_said(store: SqlCampaignStore) -> None:
    for ask in (store.campaign, store.counts, store.cells, store.events, store.was_approved):
        with pytest.raises(UnknownCampaignError, match="'spring': there is none"):
            ask("spring")
    assert store.claim(worker="w-1", lease_s=60.0, campaign_id="spring") is None


def test_a_transition_is_written_with_its_event_or_not_at_all(store: SqlCampaignStore) -> None:
    store.create("spring", SPEC, owner="anna")
    with pytest.raises(CampaignStateError, match="cannot start"):
        store.change("spring", partial(start, actor="anna"))
    pinned = make_pinned(profile=None)
    planned = store.change("spring", partial(plan, pinned=pinned, facts={"n": 3}, actor="anna"))
    assert store.campaign("spring") == planned
    assert (planned.pinned, planned.state) == (pinned, CampaignState.PLANNED)
    assert planned.planned_at_s is not None
    assert store.pinned_campaigns() == [(planned, pinned)]
    again = store.change("spring", partial(plan, pinned=pinned, facts={"n": 3}, actor="anna"))
    assert again == planned
    events = store.events("spring")
    assert [event.kind for event in events] == [Kind.CREATED, Kind.PLANNED]
    assert events[1].facts["n"] == 3


def test_an_approval_is_of_the_plan_that_stands(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al"])
    assert not store.was_approved("spring")
    begin(store, "spring")
    assert store.was_approved("spring")
    store.append(replace(_note("spring"), kind=Kind.PLANNED))
    assert not store.was_approved("spring")


def test_all_of_a_campaign_comes_to_its_end_and_the_next_one_finds_it(
    store: SqlCampaignStore,
) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    begin(store, "spring")
    run(store, "spring")
    store.change("spring", partial(end_part, actor="worker"))
    assert store.campaign("spring").state is CampaignState.FINISHED
    counts = store.counts("spring")
    assert counts.cells == {CellState.STORED: 3}
    assert (counts.rows, counts.recipients, counts.found) == (3, 3, 0)
    fill(store, "autumn", ["Al", "Cy"])
    assert store.counts("autumn").found == 2
    begin(store, "autumn")
    assert [work.key for work in take(store, limit=2).sentences] == ["hello-Cy"]
    assert [work.key for work in take(store, limit=2).renders] == ["file-Al"]


def test_events_are_told_of_one_campaign_or_of_all_and_are_a_chain(
    store: SqlCampaignStore, database: Database
) -> None:
    store.create("spring", SPEC, owner="anna")
    store.create("autumn", SPEC, owner="anna")
    event = store.append(_note("spring", "weekly"))
    assert (event.sequence, event.reason) == (3, "weekly")
    assert [e.sequence for e in store.events("spring")] == [1, 3]
    assert [row.sequence for row in store.event_rows()] == [1, 2, 3]
    with pytest.raises(UnknownCampaignError):
        store.append(_note("winter"))
    for statement in ("UPDATE campaign_events SET actor = 'eve'", "DELETE FROM campaign_events"):
        engine = sa.create_engine(database.url, poolclass=sa.NullPool)
        with (
            pytest.raises(sa.exc.DBAPIError, match="campaign_events is append-only"),
            engine.begin() as connection,
        ):
            connection.execute(sa.text(statement))


def test_a_chain_without_its_remembered_head_is_neither_told_nor_gone_on_with(
    database: Database, tmp_path: Path
) -> None:
    anchor = Anchor(tmp_path / "head.txt")
    store = SqlCampaignStore(database, anchor=anchor)
    store.create("spring", SPEC, owner="anna")
    assert anchor.heads() == (f"1:{store.event_rows()[0].digest}",)
    anchor.note(f"2:{'0' * 64}")
    for ask in (store.events, lambda: store.append(_note("spring"))):
        with pytest.raises(LedgerTamperedError, match="truncated: event 2"):
            ask()
    with pytest.raises(LedgerTamperedError):
        store.create("autumn", SPEC, owner="anna")
    with pytest.raises(UnknownCampaignError):
        store.campaign("autumn")


def test_of_many_who_make_one_campaign_at_once_one_does(store: SqlCampaignStore) -> None:
    barrier, made = threading.Barrier(4), []

    def come() -> None:
        barrier.wait()
        made.append(store.create("spring", SPEC, owner="anna")[1])

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]


def test_a_checkout_holds_its_campaigns_in_a_file(tmp_path: Path) -> None:
    store = open_campaigns(tmp_path)
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    store.change("spring", partial(pause, actor="anna", reason="lunch"))
    assert open_campaigns(tmp_path).campaign("spring").why == "lunch"
    with pytest.raises(CampaignStateError, match="takes no recipients while it is paused"):
        store.add_rows("spring", "list-2", [make_recipient(9)])
