"""Real processes, on a checkout whose campaigns have nothing due."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ExternalServiceError, VoxgateError, WorkerLostError
from voxgate.settings import Settings
from voxgate.wiring.campaign_hands import CampaignHand
from voxgate.wiring.campaign_rows import open_campaign_store

pytestmark = pytest.mark.slow


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CampaignHand]:
    site = ReleaseSite.create(tmp_path / "site", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", site.mlflow_uri)
    hand = CampaignHand(site.root, open_campaign_store(Settings(), site.root))
    yield hand
    hand.close()


def test_a_hand_with_nothing_due_says_so_again_and_again(hand: CampaignHand) -> None:
    assert hand.pid is None
    assert hand.take_turn() is None
    first = hand.pid
    with pytest.raises(VoxgateError, match="there is none of this id"):
        hand.take_turn("spring")
    assert hand.take_turn() is None
    assert hand.pid == first


def test_a_hand_leaves_the_processor_to_others(
    hand: CampaignHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOXGATE_BATCH_NICENESS")
    hand.take_turn()
    assert hand.pid is not None
    children = Path(f"/proc/{hand.pid}/task/{hand.pid}/children").read_text().split()
    assert [os.getpriority(os.PRIO_PROCESS, int(child)) for child in children] == [19]


def test_a_hand_that_was_killed_is_another_one_at_the_next_turn(hand: CampaignHand) -> None:
    hand.take_turn()
    assert hand.pid is not None
    os.killpg(hand.pid, signal.SIGKILL)
    with pytest.raises(WorkerLostError, match="exit status"):
        hand.take_turn()
    assert hand.take_turn() is None


def test_what_is_wrong_comes_back_as_the_error_that_it_was(
    hand: CampaignHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_LEDGER_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(ExternalServiceError, match="Check VOXGATE_LEDGER_URL"):
        hand.take_turn()
    monkeypatch.delenv("VOXGATE_LEDGER_URL")
    assert hand.take_turn() is None


def test_a_hand_that_is_told_to_end_ends_its_turn(hand: CampaignHand) -> None:
    hand.end()  # there is none yet
    hand.take_turn()
    pid = hand.pid
    hand.end()
    with pytest.raises(WorkerLostError, match="exit status"):
        while True:
            hand.take_turn()
    assert hand.pid is None
    assert hand.take_turn() is None
    assert hand.pid != pid
