"""Messages that ask for turns, on a queue that is a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.campaign_work import begin, let_go_on, make_tools, plan_campaign, work_off
from tests.fakes.studio import FakeStudio
from voxgate.campaigns.records import CampaignState
from voxgate.campaigns.work.passing import answer_message, top_up
from voxgate.campaigns.work.turns import CampaignWorker, Turn
from voxgate.errors import ExternalServiceError, VoiceError

NAMES = ["Anna", "Bo", "Cy"]


class ListQueue:
    """Implements `TurnQueue`, unless it is away."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.away = False

    def send(self, campaign_id: str) -> None:
        self._require()
        self.sent.append(campaign_id)

    def waiting(self) -> int:
        self._require()
        return len(self.sent)

    def _require(self) -> None:
        if self.away:
            raise ExternalServiceError("the broker is away")


class OneTurn:
    """A hand that has one thing to do, or none."""

    def __init__(self, turn: Turn | None) -> None:
        self.turn = turn

    def take_turn(self) -> Turn | None:
        return self.turn


TURN = Turn(campaign="spring", state=CampaignState.RUNNING)


def test_a_turn_that_did_something_asks_for_the_next_and_one_that_did_not_does_not() -> None:
    queue = ListQueue()
    assert answer_message(OneTurn(None), queue, most_waiting=2) is None
    assert queue.sent == []
    assert answer_message(OneTurn(TURN), queue, most_waiting=2) is TURN
    assert queue.sent == ["spring"]


def test_no_more_messages_wait_than_may() -> None:
    queue = ListQueue()
    for _ in range(5):
        answer_message(OneTurn(TURN), queue, most_waiting=2)
    assert queue.sent == ["spring", "spring"]


def test_a_broker_that_went_away_does_not_undo_a_turn() -> None:
    queue = ListQueue()
    queue.away = True
    assert answer_message(OneTurn(TURN), queue, most_waiting=2) is TURN


def test_messages_are_sent_for_each_campaign_with_open_work_and_no_other(folder: Path) -> None:
    tools, queue = make_tools(folder, FakeStudio()), ListQueue()
    store = tools.store
    assert top_up(store, queue, most_waiting=4) == 0, "there is no campaign"
    for campaign_id in ("spring", "autumn", "draft"):
        plan_campaign(store, campaign_id, NAMES)
    begin(store, "spring")
    begin(store, "autumn")
    assert top_up(store, queue, most_waiting=4) == 4
    assert sorted(queue.sent) == ["autumn", "autumn", "spring", "spring"]
    assert top_up(store, queue, most_waiting=4) == 0
    queue.sent.clear()  # a broker that was flushed
    work_off(CampaignWorker(tools=tools), "autumn")
    assert top_up(store, queue, most_waiting=2) == 2
    assert queue.sent == ["spring", "spring"]


def test_a_campaign_that_only_has_to_be_ended_needs_no_turn(folder: Path) -> None:
    tools, queue = make_tools(folder, FakeStudio()), ListQueue()
    plan_campaign(tools.store, "spring", NAMES, proof=len(NAMES))
    begin(tools.store, "spring")
    work_off(CampaignWorker(tools=tools))
    let_go_on(tools.store, "spring")
    assert tools.store.campaign("spring").state is CampaignState.RUNNING
    assert top_up(tools.store, queue, most_waiting=2) == 0


def test_nobody_needs_a_broker_while_nothing_is_open(folder: Path) -> None:
    tools, queue = make_tools(folder, FakeStudio()), ListQueue()
    queue.away = True
    assert top_up(tools.store, queue, most_waiting=2) == 0
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    with pytest.raises(ExternalServiceError):
        top_up(tools.store, queue, most_waiting=2)


def test_messages_alone_bring_a_campaign_to_its_end(folder: Path) -> None:
    tools, queue = make_tools(folder, FakeStudio(), claim_size=1), ListQueue()
    worker = CampaignWorker(tools=tools)
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    for end in (CampaignState.PROOFED, CampaignState.FINISHED):
        top_up(tools.store, queue, most_waiting=2)
        while queue.sent:
            queue.sent.pop()
            answer_message(worker, queue, most_waiting=2)
        assert tools.store.campaign("spring").state is end
        if end is CampaignState.PROOFED:
            let_go_on(tools.store, "spring")


def test_a_turn_that_raises_asks_for_nothing(folder: Path) -> None:
    def open_studio(_campaign: object) -> FakeStudio:
        raise VoiceError("there are no weights")

    tools, queue = make_tools(folder, FakeStudio(), open_studio=open_studio), ListQueue()
    plan_campaign(tools.store, "spring", NAMES)
    begin(tools.store, "spring")
    with pytest.raises(VoiceError):
        answer_message(CampaignWorker(tools=tools), queue, most_waiting=2)
    assert queue.sent == []
