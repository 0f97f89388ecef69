"""A recall and an erasure, step by step; the whole of it is `test_recalling_drill.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.memory import memory_folder
from tests.fakes.recall_site import BAD, BAD_VERSION, GOOD, MODEL, RecallSite, asset_of
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall.recalling import erase, recall, recalled_campaigns
from voxgate.campaigns.records import CampaignState, CellState
from voxgate.campaigns.tags import file_tags
from voxgate.errors import (
    ApproverError,
    ExternalServiceError,
    LedgerTamperedError,
    StorageError,
    UnknownCampaignError,
    VoxgateError,
)


@pytest.fixture
def site() -> Iterator[RecallSite]:
    with memory_folder() as folder:
        site = RecallSite(folder)
        site.plan("spring", ["Al", "Bo"], version=BAD)
        site.run("spring")
        yield site


def _call_back(site: RecallSite, selector: Selector = BAD_VERSION, **tools: Any) -> Any:
    return recall(site.recall_tools(**tools), selector, reason="it hisses")


def test_caches_that_are_away_leave_a_recall_unfinished_and_the_next_one_purges(
    site: RecallSite,
) -> None:
    site.caches.away = True
    found = _call_back(site)
    assert found.faults == ["caches are not purged: the network of caches does not answer"]
    assert (found.purge, found.removed) == (None, 5)
    assert len(site.told) == 1, "the other steps are taken"
    site.caches.away = False
    again = _call_back(site)
    assert (again.faults, again.now.files, again.removed) == ([], 0, 0)
    assert site.caches.purged == [("campaign-spring",)]
    assert len(site.told) == 1, "nobody is told twice"


def test_the_tag_that_is_purged_is_one_that_files_carry(site: RecallSite) -> None:
    found = _call_back(site)
    assert set(found.purge.tags) <= set(file_tags(site.store.campaign("spring")))


@pytest.mark.parametrize(
    ("port", "fault", "said"),
    [
        ("condemn", ApproverError("the version is gold"), "the version is not quarantined"),
        ("tell", ExternalServiceError("away"), "nobody is told"),
        ("assets", StorageError("the disk is full"), "files are left"),
    ],
)
def test_a_step_that_fails_is_told_and_stops_no_other(
    site: RecallSite, port: str, fault: VoxgateError, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise fault

    class Refusing:
        remove_many = staticmethod(refuse)

    found = _call_back(site, **{port: Refusing() if port == "assets" else refuse})
    [line] = found.faults
    assert line.startswith(said)
    assert line.endswith(str(fault))
    assert site.store.is_recalled(asset_of("spring", "Al"))
    assert site.caches.purged == [("campaign-spring",)]
    assert _call_back(site).faults == []
    assert site.on_disk() == set()


@pytest.mark.parametrize(
    ("selector", "condemned"),
    [
        (BAD_VERSION, [(MODEL, BAD)]),
        (Selector(model=MODEL), []),
        (Selector(model=MODEL, version=BAD, campaign="spring"), []),
        (Selector(campaign="spring"), []),
    ],
)
def test_a_version_is_quarantined_where_it_is_what_is_named(
    site: RecallSite, selector: Selector, condemned: list[tuple[str, int]]
) -> None:
    _call_back(site, selector)
    assert site.condemned == condemned
    assert recalled_campaigns(site.store, selector) == ("spring",)
    assert site.store.campaign("spring").state is CampaignState.RECALLED


def test_one_file_is_called_back_and_its_campaign_goes_on(site: RecallSite) -> None:
    found = _call_back(site, Selector(asset=asset_of("spring", "Al")))
    assert (found.now.cells, found.removed, found.campaigns) == (1, 1, ("spring",))
    assert site.store.counts("spring").cells == {CellState.RECALLED: 1, CellState.STORED: 1}
    assert asset_of("spring", "Bo") in site.on_disk()


def test_what_names_nothing_changes_and_tells_nothing(site: RecallSite) -> None:
    found = _call_back(site, Selector(preset="other@1"))
    assert (found.campaigns, found.removed, found.purge, found.faults) == ((), 0, None, [])
    assert (site.told, site.caches.purged) == ({}, [])
    assert found.as_json()["fetched_cells"] == 0


def test_who_is_erased_has_no_file_any_more_and_others_keep_theirs(site: RecallSite) -> None:
    site.plan("autumn", ["Al", "Bo"], version=GOOD, prefix="good-")
    site.run("autumn")
    gone = {asset: site.address(asset) for asset in (asset_of("spring", "Al"),
                                                     asset_of("autumn", "Al"))}  # fmt: skip
    kept = {asset: site.address(asset) for asset in (asset_of("spring", "Bo"), asset_of("visit"))}
    assert set(site.statuses(gone).values()) == {200}
    site.caches.away = True
    found = erase(site.recall_tools(), "r-1", campaign_id=None, reason="asked")
    assert found.campaigns == ("autumn", "spring")
    assert (found.now.cells, found.now.renders, found.removed) == (2, 2, 4)
    assert len(found.faults) == 1
    assert set(site.statuses(gone).values()) == {410}
    assert set(site.statuses(kept).values()) == {200}
    assert not gone.keys() & site.on_disk()
    site.caches.away = False
    again = erase(site.recall_tools(), "r-1", campaign_id=None, reason="asked")
    assert (again.faults, again.now.cells) == ([], 0)
    assert site.caches.purged == [("campaign-autumn", "campaign-spring")]


def test_a_recipient_of_one_campaign_stays_in_the_others(site: RecallSite) -> None:
    site.plan("autumn", ["Al"], version=GOOD, prefix="good-")
    site.run("autumn")
    found = erase(site.recall_tools(), "r-1", campaign_id="spring", reason="asked")
    assert found.campaigns == ("spring",)
    assert site.store.counts("autumn").cells == {CellState.STORED: 1}
    with pytest.raises(UnknownCampaignError):
        erase(site.recall_tools(), "r-1", campaign_id="nowhere", reason="asked")


def test_events_that_cannot_be_read_leave_a_recall_unfinished(
    site: RecallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(*_: object) -> None:
        raise LedgerTamperedError("event 3 is not what was appended")

    with monkeypatch.context() as patched:
        patched.setattr(site.store, "events", spoiled)
        found = _call_back(site)
    [line] = found.faults
    assert line.startswith("caches are not purged")
    assert (found.removed, site.caches.purged, site.told) == (5, [], {})
    assert _call_back(site).faults == []
    assert (site.caches.purged, len(site.told)) == ([("campaign-spring",)], 1)
