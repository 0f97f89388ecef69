"""The flow over real rows and files; its hands work in this process, with a studio that is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows import speak_campaign as module
from flows.speak_campaign import speak_campaign
from tests.fakes.campaign_work import make_tools, plan_campaign
from tests.fakes.release_site import ReleaseSite
from tests.fakes.studio import FakeStudio
from voxgate.campaigns.records import CampaignState, CellState
from voxgate.campaigns.transitions import approve, pause, start
from voxgate.campaigns.work.turns import CampaignWorker, Turn
from voxgate.errors import WorkerLostError
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout

pytestmark = pytest.mark.usefixtures("prefect_api")
S = CampaignState


class Hand:
    """A hand without a process; the class says how often one dies."""

    deaths = 0
    closed = 0

    def __init__(self, root: Path, _store: object) -> None:
        self.root = root

    def take_turn(self, campaign_id: str | None = None) -> Turn | None:
        if Hand.deaths:
            Hand.deaths -= 1
            raise WorkerLostError("a hand died")
        store = open_campaign_store(Checkout.open(self.root).settings, self.root)
        tools = make_tools(self.root, FakeStudio(), store=store, claim_size=2)
        return CampaignWorker(tools=tools).take_turn(campaign_id)

    def close(self) -> str:
        Hand.closed += 1
        return "closed"


@pytest.fixture
def site(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> ReleaseSite:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    monkeypatch.setattr(module, "CampaignHand", Hand)
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)
    monkeypatch.setattr(Hand, "deaths", 0)
    monkeypatch.setattr(Hand, "closed", 0)
    return release_site


def begun(site: ReleaseSite, names: str = "Al Bo Cy Di") -> Any:
    store = open_campaign_store(Checkout.open(site.root).settings, site.root)
    plan_campaign(store, "spring", names.split())
    store.change("spring", lambda campaign, now: start(campaign, now, actor="anna"))
    return store


def run(site: ReleaseSite) -> Any:
    return speak_campaign("spring", site.root, 2, return_state=True)


def test_the_proof_is_spoken_first_and_after_approval_all_of_it(site: ReleaseSite) -> None:
    store = begun(site)
    first = run(site)
    assert (first.name, store.campaign("spring").state) == ("Proofed", S.PROOFED)
    assert first.result()["output"] is None
    store.change("spring", lambda c, now: approve(c, now, actor="anna", reason="heard"))
    second = run(site)
    assert second.name == "Finished"
    assert second.result()["output"] is not None
    assert store.counts("spring").cells == {CellState.STORED: 4}
    assert Hand.closed == 4


def test_nothing_due_is_nothing_done(site: ReleaseSite) -> None:
    store = begun(site)
    run(site)
    store.change("spring", lambda c, now: approve(c, now, actor="anna", reason="heard"))
    store.change("spring", lambda c, now: pause(c, now, actor="anna", reason="lunch"))
    state = run(site)
    assert (state.name, state.message) == ("Paused", "lunch")
    assert state.result()["spoken"] == 0


def test_a_hand_that_dies_costs_a_turn(site: ReleaseSite) -> None:
    begun(site)
    Hand.deaths = module._MAX_DEATHS - 1
    assert run(site).name == "Proofed"


def test_hands_that_die_one_after_the_other_end_the_run(site: ReleaseSite) -> None:
    store = begun(site)
    Hand.deaths = 1000
    state = run(site)
    assert state.is_failed()
    assert store.campaign("spring").state is S.PROOFING
    assert Hand.closed == 2
