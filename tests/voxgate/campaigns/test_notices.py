"""What people are told, from the events of real campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.campaign_work import begin, let_go_on, make_tools, plan_campaign, work_off
from tests.fakes.memory import memory_folder
from tests.fakes.studio import FakeStudio
from voxgate.campaigns import transitions
from voxgate.campaigns.notices import campaign_notices
from voxgate.campaigns.ports import CampaignStore, Selector
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.release.notices import Notice

NAMES = ["Anna", "Bo", "Cy"]
STOP = partial(transitions.stop, reason="9 of 20 were refused", facts={}, actor="w-1")


@pytest.fixture
def folder() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


@pytest.fixture
def tools(folder: Path) -> CampaignTools:
    return make_tools(folder, FakeStudio())


@pytest.fixture
def store(tools: CampaignTools) -> CampaignStore:
    """A store with a campaign whose proof sample waits."""
    plan_campaign(tools.store, "spring", NAMES)
    assert subjects(tools.store) == []
    begin(tools.store, "spring")
    assert subjects(tools.store) == []
    work_off(CampaignWorker(tools=tools))
    return tools.store


def told(store: CampaignStore) -> list[Notice]:
    return campaign_notices(store.events())


def subjects(store: CampaignStore) -> list[str]:
    return [notice.subject for notice in told(store)]


def test_a_proof_sample_waits_for_a_person_until_it_is_approved(store: CampaignStore) -> None:
    [notice] = told(store)
    assert notice.subject == "campaign spring: the proof sample waits to be heard"
    assert "voxgate campaign approve spring --by YOU --reason WHY" in notice.text
    let_go_on(store, "spring")
    assert subjects(store) == []


def test_the_end_is_told_and_where_the_report_comes_from(
    tools: CampaignTools, store: CampaignStore
) -> None:
    let_go_on(store, "spring")
    work_off(CampaignWorker(tools=tools))
    [notice] = told(store)
    assert notice.subject == "campaign spring: finished"
    assert "voxgate campaign report spring" in notice.text


def test_an_alarm_is_told_with_its_reason_until_somebody_looked(store: CampaignStore) -> None:
    let_go_on(store, "spring")
    store.change("spring", STOP)
    [notice] = told(store)
    assert notice.subject == "campaign spring: stopped by an alarm"
    assert notice.text.startswith("9 of 20 were refused\n")
    go_on = partial(transitions.resume, actor="anna", reason="heard", proofed=True)
    store.change("spring", go_on)
    assert subjects(store) == []


def test_an_alarm_while_the_sample_waits_takes_its_place(store: CampaignStore) -> None:
    store.change("spring", STOP)
    assert subjects(store) == ["campaign spring: stopped by an alarm"]


def test_the_end_of_its_time_and_a_recall_are_told(store: CampaignStore) -> None:
    late = partial(transitions.expire, actor="w-1", reason="the time to send it is over")
    store.change("spring", late)
    store.recall(Selector(campaign="spring"), actor="anna", reason="wrong day")
    expired, recalled = told(store)
    assert expired.subject == "campaign spring: its time is over"
    assert recalled.subject == "campaign spring: files were called back"
    assert "by anna: wrong day" in recalled.text


def test_the_same_event_is_the_same_notice_and_another_is_another(
    tools: CampaignTools, store: CampaignStore
) -> None:
    assert told(store) == told(store)
    plan_campaign(store, "autumn", NAMES)
    begin(store, "autumn")
    work_off(CampaignWorker(tools=tools))
    first, second = told(store)
    assert first.key != second.key
    assert [first.subject.split()[1], second.subject.split()[1]] == ["spring:", "autumn:"]


def test_no_name_of_a_recipient_is_told(tools: CampaignTools, store: CampaignStore) -> None:
    let_go_on(store, "spring")
    work_off(CampaignWorker(tools=tools))
    store.erase_recipient("r-1", campaign_id="spring", actor="anna", reason="asked for it")
    said = "".join(notice.subject + notice.text for notice in told(store))
    assert not any(word in said for word in (*NAMES, "r-1"))
