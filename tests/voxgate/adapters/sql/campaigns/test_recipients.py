"""Rows of uploads come in any pieces, twice, and changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.campaigns import SPEC, fill, make_recipient
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.events import Kind
from voxgate.campaigns.records import CellState, Fault, Rejection, Upload
from voxgate.errors import CampaignStateError


def _reject(number: int, recipient_id: str | None = None) -> Rejection:
    fault = Fault(code="slot_missing", detail="no 'day' in “row”\x00")
    return Rejection(number=number, recipient_id=recipient_id, fault=fault)


@pytest.fixture(autouse=True)
def spring(store: SqlCampaignStore) -> None:
    store.create("spring", SPEC, owner="anna")


def test_rows_are_read_back_as_they_were(store: SqlCampaignStore) -> None:
    rows = [make_recipient(2, name="Ærø “日本”"), _reject(3, "r-3"), make_recipient(5)]
    assert store.upload("spring", "list-1") is None
    upload = store.add_rows("spring", "list-1", rows)
    expected = Upload(name="list-1", rows=3, accepted=2, known=0, rejected=1, complete=False)
    assert upload == store.upload("spring", "list-1") == expected
    first, second = store.recipients("spring")
    assert (first, second) == (replace(rows[0], number=1), replace(rows[2], number=2))
    assert store.recipients("spring", after=1, limit=1) == [second]
    assert store.rejections("spring") == [("list-1", rows[1])]
    assert store.rejections("spring", after=1) == []


def test_the_same_rows_again_add_nothing(store: SqlCampaignStore) -> None:
    rows = [make_recipient(1), _reject(2), make_recipient(3)]
    store.add_rows("spring", "list-1", rows[:2])
    upload = store.add_rows("spring", "list-1", rows)
    assert (upload.accepted, upload.rejected, upload.known) == (2, 1, 0)
    assert store.add_rows("spring", "list-1", rows) == upload
    assert len(store.recipients("spring")) == 2
    assert len(store.rejections("spring")) == 1


def test_a_recipient_of_another_upload_is_known_or_changed(store: SqlCampaignStore) -> None:
    store.add_rows("spring", "list-1", [make_recipient(1), make_recipient(2)])
    changed = make_recipient(2, name="Else")
    upload = store.add_rows("spring", "list-2", [make_recipient(1), changed, make_recipient(3)])
    assert (upload.accepted, upload.known, upload.rejected) == (1, 1, 1)
    [(name, rejection)] = store.rejections("spring")
    assert (name, rejection.number, rejection.recipient_id) == ("list-2", 2, "r-2")
    assert rejection.fault.code == "recipient_changed"
    counts = store.counts("spring")
    assert (counts.rows, counts.recipients, counts.rejected, counts.known) == (5, 3, 1, 1)
    assert counts.cells == {CellState.ACCEPTED: 3}


def test_one_upload_with_a_recipient_twice_has_it_once(store: SqlCampaignStore) -> None:
    twice = replace(make_recipient(1), number=7)
    changed = replace(make_recipient(2), number=8, recipient_id="r-1")
    upload = store.add_rows("spring", "list-1", [make_recipient(1), twice, changed])
    assert (upload.accepted, upload.known, upload.rejected) == (1, 1, 1)


def test_the_end_of_an_upload_is_noted_once(store: SqlCampaignStore) -> None:
    store.add_rows("spring", "list-1", [make_recipient(1), _reject(2)])
    with pytest.raises(CampaignStateError, match="has 2 rows here, and 3 were read"):
        store.end_upload("spring", "list-1", rows=3, owner="anna")
    upload = store.end_upload("spring", "list-1", rows=2, owner="anna")
    assert (upload.complete, upload.rows) == (True, 2)
    assert store.end_upload("spring", "list-1", rows=2, owner="anna") == upload
    events = [e for e in store.events("spring") if e.kind is Kind.UPLOADED]
    assert [(e.actor, e.facts["accepted"]) for e in events] == [("anna", 1)]


def test_an_empty_list_ends_too(store: SqlCampaignStore) -> None:
    upload = store.end_upload("spring", "list-0", rows=0, owner="anna")
    assert (upload.rows, upload.complete) == (0, True)


def test_a_campaign_that_is_planned_takes_only_what_it_knows(store: SqlCampaignStore) -> None:
    fill(store, "autumn", ["Al"])
    known = make_recipient(1, name="Al")
    for name in ("list-1", "list-2"):
        store.add_rows("autumn", name, [known])
    for row in (make_recipient(2), _reject(2)):
        with pytest.raises(CampaignStateError, match="takes no recipients while it is planned"):
            store.add_rows("autumn", "list-3", [known, row])
    assert store.upload("autumn", "list-3") is None
