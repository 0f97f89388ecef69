"""A recipient is forgotten, and nobody else is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.fakes.campaigns import SPEC, begin, fill, make_recipient, run, speak, take
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.adapters.sql.database import Database
from voxgate.campaigns.events import Kind
from voxgate.campaigns.ports import Affected
from voxgate.campaigns.records import CellState, Fault, Rejection, SentenceState
from voxgate.errors import UnknownCampaignError

KEYS = {"hello-Bo", "asset-hello-Bo"}


def _erase(store: SqlCampaignStore, recipient: str, campaign: str | None = None) -> Affected:
    return store.erase_recipient(recipient, campaign_id=campaign, actor="anna", reason="asked")


def test_what_only_one_recipient_had_is_gone(store: SqlCampaignStore, database: Database) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    begin(store, "spring")
    run(store, "spring")
    expected = Affected(campaigns=("spring",), cells=1, renders=1, sentences=1, files=2)
    assert _erase(store, "r-2") == expected
    _, cell, _ = store.each_cell("spring")
    assert (cell.state, cell.values, cell.output) == (CellState.ERASED, None, None)
    assert store.counts("spring").cells == {CellState.STORED: 2, CellState.ERASED: 1}
    assert set(store.recalled_files()) == {"asset-file-Bo", "asset-hello-Bo"}
    assert store.spoken_before(["hello-Bo", "visit"]).keys() == {"visit"}
    facts = {work.key: work.facts for work, _, _ in store.sentences("spring")}
    assert facts["hello-Bo"] == {}
    assert facts["hello-Al"] != {}
    assert store.recipients("spring")[1].values == {}
    for table in ("campaign_sentences", "spoken_sentences", "campaign_recipients"):
        with database.reading() as connection:
            rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
        assert "Bo" not in str([[v for v in row if v not in KEYS] for row in rows])
    event = store.events("spring")[-1]
    assert (event.kind, event.facts["files"]) == (Kind.ERASED, 2)
    assert "r-2" not in str(event.facts)
    assert _erase(store, "r-2") == Affected()
    assert store.events("spring")[-1] == event


def test_what_others_share_stays(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo", "Al"])
    begin(store, "spring")
    run(store, "spring")
    assert _erase(store, "r-1").files == 0
    cells = list(store.each_cell("spring"))
    assert [cell.state for cell in cells] == [CellState.ERASED, CellState.STORED, CellState.STORED]
    assert cells[2].shared_with == 1
    assert _erase(store, "r-3").files == 2


def test_the_next_of_that_name_is_spoken_to(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Bo"])
    begin(store, "spring")
    run(store, "spring")
    _erase(store, "r-1")
    fill(store, "autumn", ["Bo"])
    begin(store, "autumn")
    run(store, "autumn")
    assert store.counts("autumn").cells == {CellState.STORED: 1}
    assert store.recalled_files() == []


def test_what_another_campaign_needs_is_not_personal(store: SqlCampaignStore) -> None:
    for name in ("spring", "autumn"):
        fill(store, name, ["Bo"])
        begin(store, name)
        run(store, name)
    assert _erase(store, "r-1", "spring").sentences == 0
    assert store.counts("autumn").cells == {CellState.STORED: 1}
    assert store.recalled_files() == []
    assert _erase(store, "r-1").campaigns == ("autumn",)
    assert set(store.recalled_files()) == {
        "asset-file-Bo", "asset-hello-Bo", "asset-visit",
    }  # fmt: skip


def test_what_was_not_spoken_yet_is_not_spoken(store: SqlCampaignStore) -> None:
    fill(store, "spring", ["Al", "Bo"])
    begin(store, "spring")
    claim = take(store)
    _erase(store, "r-2")
    assert speak(store, claim).lost == ("hello-Bo",)
    [failed] = store.sentences("spring", state=SentenceState.FAILED)
    assert failed[0].key == "hello-Bo"
    run(store, "spring")
    assert store.counts("spring").cells == {CellState.STORED: 1, CellState.ERASED: 1}
    assert not store.has_open_work("spring")


def test_an_erased_recipient_does_not_come_back_with_the_next_list(
    store: SqlCampaignStore,
) -> None:
    store.create("spring", SPEC, owner="anna")
    store.add_rows("spring", "list-1", [make_recipient(1)])
    _erase(store, "r-1")
    assert store.add_rows("spring", "list-2", [make_recipient(1)]).rejected == 1


def test_why_a_row_was_rejected_is_forgotten_too(store: SqlCampaignStore) -> None:
    store.create("spring", SPEC, owner="anna")
    fault = Fault(code="bad_date", detail="'31 Feb' for Anna")
    store.add_rows("spring", "list-1", [Rejection(number=1, recipient_id="r-1", fault=fault)])
    assert _erase(store, "r-1").campaigns == ("spring",)
    [(_, rejection)] = store.rejections("spring")
    assert (rejection.recipient_id, rejection.fault) == (None, Fault(code="erased", detail=""))


def test_nobody_is_erased_of_a_campaign_that_is_not_there(store: SqlCampaignStore) -> None:
    with pytest.raises(UnknownCampaignError):
        _erase(store, "r-1", "spring")
    assert _erase(store, "r-1") == Affected()
