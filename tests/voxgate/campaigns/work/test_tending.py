"""What no claim brings about."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.campaign_work import (
    begin,
    let_go_on,
    make_tools,
    plan_campaign,
    work_off,
)
from tests.fakes.studio import FakeStudio
from voxgate.campaigns.ports import SettledRender
from voxgate.campaigns.records import CampaignState, CellState
from voxgate.campaigns.transitions import pause
from voxgate.campaigns.work.delivering import SampleShelf, deliver_renders
from voxgate.campaigns.work.tending import end_done, expire_late
from voxgate.campaigns.work.turns import CampaignWorker

NAMES = ["Anna", "Bo"]
LATE = datetime(2026, 11, 3, 13, tzinfo=UTC)
SEND_BY = "2026-11-03T12:00:00+00:00"


def test_who_died_after_the_last_file_leaves_a_campaign_that_the_next_one_ends(
    folder: Path,
) -> None:
    tools = make_tools(folder, FakeStudio())
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    worker = CampaignWorker(tools=tools)
    worker.take_turn()  # the sentences
    claim = tools.store.claim(worker="w-2", lease_s=60.0)
    assert claim is not None
    settled: list[SettledRender] = deliver_renders(claim, SampleShelf(tools), tools)
    tools.store.settle_renders("spring", settled)  # and here w-2 dies
    assert tools.store.campaign("spring").state is CampaignState.PROOFING
    assert worker.take_turn() is None
    assert tools.store.campaign("spring").state is CampaignState.PROOFED


def test_a_campaign_that_is_no_longer_than_its_proof_sample_ends_when_that_is_approved(
    folder: Path,
) -> None:
    tools = make_tools(folder, FakeStudio())
    plan_campaign(tools.store, "spring", NAMES, proof=2)
    begin(tools.store, "spring")
    worker = CampaignWorker(tools=tools)
    work_off(worker)
    let_go_on(tools.store, "spring")
    assert worker.take_turn("spring") is None
    assert tools.store.campaign("spring").state is CampaignState.FINISHED


def test_what_three_workers_died_with_is_no_reason_to_wait_for_ever(folder: Path) -> None:
    tools = make_tools(folder, FakeStudio())
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    while tools.store.claim(worker="dies", lease_s=60.0, limit=1):
        tools.store.release("dies", died=True)
    assert CampaignWorker(tools=tools).take_turn() is None
    assert tools.store.campaign("spring").state is CampaignState.PROOFED
    assert tools.store.counts("spring").cells == {CellState.FAILED: 2}


def test_it_goes_on_while_anything_of_any_campaign_is_open(folder: Path) -> None:
    tools = make_tools(folder, FakeStudio())
    assert not end_done(tools)
    for campaign_id in ("spring", "autumn"):
        plan_campaign(tools.store, campaign_id, NAMES)
        begin(tools.store, campaign_id)
    assert end_done(tools)
    claim = tools.store.claim(worker="w-2", lease_s=60.0, campaign_id="autumn")
    assert claim is not None
    work_off(CampaignWorker(tools=tools), "spring")
    assert end_done(tools), "somebody holds the sentences of the other"
    assert not end_done(tools, "spring")


@pytest.mark.parametrize("state", ["proofed", "paused", "running"])
def test_what_nobody_claims_expires_too(folder: Path, state: str) -> None:
    tools = make_tools(folder, FakeStudio(), clock=lambda: LATE)
    on_time = make_tools(folder, FakeStudio(), clock=lambda: datetime(2026, 11, 3, 11, tzinfo=UTC))
    plan_campaign(tools.store, "spring", [*NAMES, "Cy"], send_by=SEND_BY)
    begin(tools.store, "spring")
    work_off(CampaignWorker(tools=on_time))
    if state != "proofed":
        let_go_on(tools.store, "spring")
    if state == "paused":
        tools.store.change("spring", partial(pause, actor="anna", reason="wait"))
    expire_late(on_time)
    assert tools.store.campaign("spring").state.value == state
    expire_late(tools)
    assert tools.store.campaign("spring").state is CampaignState.EXPIRED
    assert tools.store.counts("spring").cells == {CellState.STORED: 2, CellState.EXPIRED: 1}


def test_a_campaign_that_was_never_started_does_not_expire(folder: Path) -> None:
    tools = make_tools(folder, FakeStudio(), clock=lambda: LATE)
    plan_campaign(tools.store, "spring", NAMES, send_by=SEND_BY)
    expire_late(tools)
    assert tools.store.campaign("spring").state is CampaignState.PLANNED
