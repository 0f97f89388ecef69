from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.fakes.campaign_site import FILE, LIST, CampaignSite
from tests.fakes.campaigns import begin, fill, run
from tests.fakes.memory import memory_folder
from voxgate.campaigns import transitions
from voxgate.campaigns.records import CellState
from voxgate.campaigns.service import Action
from voxgate.errors import SpeechRequestError, WorkerLostError
from voxgate.serving.ports import Caller
from voxgate.serving.requests import Lane


@pytest.fixture
def site() -> Iterator[CampaignSite]:
    with memory_folder() as folder:
        made = CampaignSite(folder)
        yield made
        made.service.close()


def caller(key_id: str = "k3v9q0x2m1ab") -> Caller:
    return Caller(
        key_id=key_id, lane=Lane.BATCH, rights=frozenset({"campaigns"}), purpose="publication",
        request_id="r", trace_id="t",
    )  # fmt: skip


def test_cells_are_counted_until_their_campaign_ends(site: CampaignSite) -> None:
    fill(site.store, "spring", ["Anna", "Ben"])
    fill(site.store, "summer", ["Carla"], prefix="s-")
    assert not site.service.has_work()
    begin(site.store, "spring")
    assert site.service.has_work()
    run(site.store, "spring")
    assert site.service.count_cells() == {CellState.STORED: 2, CellState.QUEUED: 1}
    site.store.end_if_done("spring", actor="w-1")
    assert site.service.count_cells() == {CellState.QUEUED: 1}
    assert not site.service.has_work()


def test_a_key_names_one_list_for_the_life_of_the_campaign(site: CampaignSite) -> None:
    service, me = site.service, caller()
    service.put("spring", FILE, caller=me)
    first, second = site.folder / "a.csv", site.folder / "b.csv"
    first.write_text(LIST, encoding="utf-8")
    second.write_text(LIST + "r-9,Zoe\n", encoding="utf-8")
    add = partial(service.add_recipients, "spring", idempotency_key="secret-ish", caller=me)
    assert not add(first).replayed
    other = CampaignSite(site.folder).service  # another server, or this one after a restart
    again = other.add_recipients("spring", first, idempotency_key="secret-ish", caller=me)
    assert (again.replayed, again.upload.accepted) == (True, 4)
    with pytest.raises(SpeechRequestError) as found:
        other.add_recipients("spring", second, idempotency_key="secret-ish", caller=me)
    assert found.value.code == "idempotency_key_reused"
    other.close()
    assert "secret-ish" not in "".join(row.facts for row in site.store.event_rows())


def test_a_list_whose_reading_died_frees_the_campaign(site: CampaignSite) -> None:
    service, me = site.service, caller()
    service.put("spring", FILE, caller=me)
    rows = site.folder / "a.csv"
    rows.write_text(LIST, encoding="utf-8")
    site.fault = WorkerLostError("died")
    with pytest.raises(WorkerLostError):
        service.add_recipients("spring", rows, idempotency_key="k", caller=me)
    site.fault = None
    taken = service.add_recipients("spring", rows, idempotency_key="k", caller=me)
    assert (taken.replayed, taken.upload.accepted) == (False, 4)


def test_what_was_erased_has_no_text_and_what_is_not_stored_no_address(site: CampaignSite) -> None:
    service, me = site.service, caller()
    service.put("spring", FILE, caller=me)
    rows = site.folder / "a.csv"
    rows.write_text(LIST, encoding="utf-8")
    service.add_recipients("spring", rows, idempotency_key="k", caller=me)
    site.plan("spring")
    service.decide("spring", Action.START, reason="", caller=me)
    site.work("spring")
    site.store.change("spring", partial(transitions.approve, actor="anna", reason="heard"))
    site.store.erase_recipient("r-2", campaign_id="spring", actor="anna", reason="asked")
    found = service.cells("spring", caller=me, texts=True)
    told = {one.cell.recipient_id: (one.text is None, one.url is None) for one in found}
    assert told == {
        "r-1": (False, False), "r-2": (True, True), "r-3": (False, True), "r-4": (False, False),
    }  # fmt: skip


def test_a_name_that_somebody_took_meanwhile_is_taken(site: CampaignSite) -> None:
    site.service.put("spring", FILE, caller=caller())
    assert not site.service.put("spring", FILE, caller=caller()).is_new
    assert site.service.campaigns(caller=caller("anonymous")) == []
