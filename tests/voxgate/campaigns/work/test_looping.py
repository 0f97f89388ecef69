"""Hands side by side: until nothing is due, until told to stop, and when they fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fakes.live_server import wait_until
from voxgate.campaigns.records import CampaignState
from voxgate.campaigns.work.looping import Shift, at_work
from voxgate.campaigns.work.turns import Turn
from voxgate.errors import ExternalServiceError, VoxgateError, WorkerLostError

TURN = Turn(campaign="spring", state=CampaignState.RUNNING)


class ListedHand:
    """A hand whose turns are a list: a turn, None where nothing is due, or an error."""

    def __init__(self, *turns: Turn | Exception | None) -> None:
        self.left = list(turns)
        self.taken = 0

    def take_turn(self) -> Turn | None:
        self.taken += 1
        turn = self.left.pop(0) if self.left else None
        if isinstance(turn, Exception):
            raise turn
        return turn

    def end(self) -> None:
        """It is in this process."""

    def close(self) -> str:
        return "exit status 0"


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voxgate.campaigns.work.looping.pause_after", lambda _failures: 0.0)


def test_hands_work_until_nothing_goes_on() -> None:
    hands = [ListedHand(TURN, TURN, None), ListedHand(TURN)]
    Shift(goes_on=lambda: False).work(hands)
    assert [hand.taken for hand in hands] == [3, 2]


def test_hands_wait_while_others_hold_what_is_left() -> None:
    answers = [True, True, False]
    hand = ListedHand(TURN, None, None, None)
    Shift(goes_on=lambda: answers.pop(0), idle_s=0.0).work([hand])
    assert hand.taken == 4


def test_whoever_sets_stop_lets_the_turn_at_hand_end() -> None:
    stop = threading.Event()

    class Stopping(ListedHand):
        def take_turn(self) -> Turn | None:
            stop.set()
            return super().take_turn()

    hand = Stopping(TURN, TURN)
    Shift(goes_on=lambda: True, stop=stop).work([hand])
    assert hand.taken == 1


@pytest.mark.usefixtures("no_pauses")
def test_a_hand_that_died_takes_the_next_turn() -> None:
    hand = ListedHand(WorkerLostError("it died"), TURN, WorkerLostError("again"), TURN)
    Shift(goes_on=lambda: False, most_failures=2).work([hand])
    assert hand.taken == 5


@pytest.mark.usefixtures("no_pauses")
def test_hands_that_die_again_and_again_end_the_shift_with_the_last_error() -> None:
    dying = ListedHand(*(WorkerLostError(f"death {number}") for number in range(9)))
    with pytest.raises(WorkerLostError, match="death 2"):
        Shift(goes_on=lambda: True, most_failures=3, idle_s=0.001).work([dying, ListedHand()])
    assert dying.taken == 3


@pytest.mark.usefixtures("no_pauses")
def test_an_error_while_looking_whether_it_goes_on_is_a_failure_of_that_look() -> None:
    answers: list[bool | Exception] = [WorkerLostError("the database is away"), False]

    def goes_on() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    hand = ListedHand()
    Shift(goes_on=goes_on).work([hand])
    assert hand.taken == 2


RUNNING, FINISHED = CampaignState.RUNNING, CampaignState.FINISHED


@dataclass
class ScriptedHand:
    """Gives the turns of a script, then None; raises its errors; "hang" waits for its end."""

    script: list[Turn | VoxgateError | str | None] = field(default_factory=list)
    turns: int = 0
    closed: int = 0
    hanging: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def take_turn(self) -> Turn | None:
        self.turns += 1
        found = self.script.pop(0) if self.script else None
        if isinstance(found, str):
            self.hanging.set()
            assert self.ended.wait(30)
            raise WorkerLostError("it was ended")
        if isinstance(found, VoxgateError):
            raise found
        return found

    def end(self) -> None:
        self.ended.set()

    def close(self) -> str:
        self.closed += 1
        return "exit status 0"


@dataclass
class Waits(threading.Event):
    """Waits no time, and notes how long it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout or 0.0)
        return super().wait(0.001)


def make_shift(*, has_work: Callable[[], bool] = lambda: True, **changes: Any) -> Shift:
    """Return one that goes on as beside a server."""
    options = {"longest_idle_s": 10.0, "idle_turns": 30, "stop": Waits(), **changes}
    return Shift(goes_on=lambda: True, has_work=has_work, **options)


def turn(state: CampaignState = RUNNING) -> Turn:
    return Turn(campaign="spring", state=state, spoken=1)


def test_while_no_campaign_is_under_way_no_hand_is_asked() -> None:
    hand, looks = ScriptedHand(), []

    def nothing() -> bool:
        looks.append(1)
        return False

    with at_work(make_shift(has_work=nothing), [hand]):
        wait_until(lambda: len(looks) > 5)
    assert hand.turns == 0
    assert hand.closed > 0


def test_waits_grow_while_nothing_is_due_and_begin_anew_after_a_turn() -> None:
    hand = ScriptedHand([None, None, None, None, None, turn(), None, None])
    shift = make_shift()
    with at_work(shift, [hand]):
        wait_until(lambda: hand.turns > 8)
    assert isinstance(shift.stop, Waits)
    assert shift.stop.asked[:7] == [1, 2, 4, 8, 10, 1, 2]


def test_a_hand_that_dies_is_asked_again_later_and_later() -> None:
    hand = ScriptedHand([WorkerLostError("died")] * 8 + [turn()])
    shift = make_shift()
    with at_work(shift, [hand]):
        wait_until(lambda: hand.turns > 9)
    assert isinstance(shift.stop, Waits)
    assert shift.stop.asked[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 1]


def test_a_database_that_is_away_ends_no_thread() -> None:
    looks = []

    def away() -> bool:
        looks.append(1)
        raise ExternalServiceError("the database is away")

    with at_work(make_shift(has_work=away), [ScriptedHand()]):
        wait_until(lambda: len(looks) > 3)


def test_a_hand_without_work_is_ended_and_its_memory_free() -> None:
    hand = ScriptedHand([turn()])
    with at_work(make_shift(idle_turns=3), [hand]):
        wait_until(lambda: hand.closed == 1)
        wait_until(lambda: hand.turns > 8)
        assert hand.closed == 1


def test_the_end_of_a_campaign_is_told_and_a_report_that_fails_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = []

    def ended(campaign_id: str) -> None:
        told.append(campaign_id)
        raise WorkerLostError("the report died")

    hand = ScriptedHand([turn(), turn(FINISHED), turn(CampaignState.PROOFED)])
    with at_work(make_shift(ended=ended), [hand]):
        wait_until(lambda: hand.turns > 4)
    assert told == ["spring"]
    assert "no report was written: the report died" in caplog.text


def test_a_server_that_ends_waits_for_no_turn() -> None:
    hands = [ScriptedHand(["hang"]), ScriptedHand(["hang"])]
    with at_work(make_shift(), hands):
        assert all(hand.hanging.wait(30) for hand in hands)
    assert [(hand.turns, hand.closed) for hand in hands] == [(1, 1), (1, 1)]
