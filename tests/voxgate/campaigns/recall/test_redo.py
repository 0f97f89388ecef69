"""What says again what was called back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.campaigns import make_pinned, make_recipient
from tests.fakes.memory import memory_folder
from tests.fakes.recall_site import BAD, BAD_VERSION, RecallSite, asset_of
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall.redo import make_redo, redo_id
from voxgate.campaigns.records import CampaignState, PlannedCell, PlannedRender, PlannedSentence
from voxgate.campaigns.spec import require_campaign_id
from voxgate.campaigns.transitions import plan


@pytest.fixture
def site() -> Iterator[RecallSite]:
    with memory_folder() as folder:
        site = RecallSite(folder)
        site.plan("spring", ["Al", "Bo", "Al", "Cy"], version=BAD)
        site.run("spring")
        yield site


def _ids(site: RecallSite, campaign: str) -> list[str]:
    return [one.recipient_id for one in site.store.recipients(campaign)]


def test_a_campaign_that_was_called_back_is_said_again_without_who_was_erased(
    site: RecallSite,
) -> None:
    site.store.erase_recipient("r-2", campaign_id="spring", actor="anna", reason="asked")
    site.store.recall(BAD_VERSION, actor="anna", reason="it hisses")
    for _ in range(2):
        made = make_redo(site.store, site.store.campaign("spring"), BAD_VERSION, owner="anna")
        assert (made.of, made.campaign.id, made.campaign.state) == (
            "spring", "spring-redo", CampaignState.DRAFT,
        )  # fmt: skip
        assert (made.upload.accepted, made.upload.complete) == (3, True)
        assert _ids(site, "spring-redo") == ["r-1", "r-3", "r-4"]
    assert site.store.campaign("spring-redo").spec["campaign"] == "spring-redo"
    before = {one.recipient_id: one.values for one in site.store.recipients("spring")}
    after = {one.recipient_id: one.values for one in site.store.recipients("spring-redo")}
    assert after == {name: before[name] for name in after}


def test_of_a_campaign_that_goes_on_only_those_are_told_again_who_lost_a_file(
    site: RecallSite,
) -> None:
    selector = Selector(asset=asset_of("spring", "Al"))
    site.store.recall(selector, actor="anna", reason="it hisses")
    made = make_redo(site.store, site.store.campaign("spring"), selector, owner="anna")
    assert made.upload.accepted == 2
    assert _ids(site, "spring-redo") == ["r-1", "r-3"]


def test_of_several_templates_only_those_are_said_again_that_were_lost(site: RecallSite) -> None:
    store = site.store
    both = make_recipient(1, name="Al", templates=("reminder", "thanks"))
    store.create("both", {"campaign": "both", "templates": {}}, owner="anna")
    store.add_rows("both", "list", [both])
    store.end_upload("both", "list", rows=1, owner="anna")
    store.add_plan(
        "both",
        sentences=[PlannedSentence(key=f"b-{n}", place=0, facts={}) for n in both.templates],
        renders=[
            PlannedRender(key=n, asset_id=asset_of("both", n), template=n, sentences=(f"b-{n}",))
            for n in both.templates
        ],
        cells=[PlannedCell(recipient_id="r-1", template=n, render=n) for n in both.templates],
    )
    pinned = make_pinned()
    store.change("both", lambda c, s: plan(c, s, pinned=pinned, facts={}, actor="anna"))
    site.begin("both")
    site.run("both")
    selector = Selector(asset=asset_of("both", "thanks"))
    store.recall(selector, actor="anna", reason="it hisses")
    make_redo(store, store.campaign("both"), selector, owner="anna")
    [again] = store.recipients("both-redo")
    assert again.templates == ("thanks",)
    assert again.digest != both.digest


@pytest.mark.parametrize("name", ["a", "x" * 55, "x" * 56, "x" * 60])
def test_its_id_can_be_one_and_is_no_other_campaigns(name: str) -> None:
    made = redo_id(name)
    assert require_campaign_id(made) == made
    assert made.endswith("-redo")
    assert made != redo_id(name[:-1] + "y")
