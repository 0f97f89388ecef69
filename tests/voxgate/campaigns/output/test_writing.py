"""An output is a folder whose tables add up, are named by what they say, and can be verified."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.fakes.campaign_outputs import (
    HOSTILE,
    NAMES,
    NOW,
    add_plan,
    make_campaign,
    make_writer,
    upload,
)
from tests.fakes.campaigns import begin, open_campaigns
from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
from voxgate.campaigns.events import Kind
from voxgate.campaigns.output.writing import remove_outputs, verify_tables
from voxgate.campaigns.ports import Selector
from voxgate.campaigns.records import Campaign, CampaignState, CellState, Counts
from voxgate.campaigns.transitions import Changed, cancel, stop
from voxgate.errors import CampaignReportError, CampaignStateError

FILES = [
    "cells.csv",
    "cells.parquet",
    "rejected.csv",
    "rejected.parquet",
    "report.html",
    "report.json",
    "report.md",
]


@pytest.fixture
def store(tmp_path: Path) -> SqlCampaignStore:
    return make_campaign(tmp_path)


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_is_a_row_a_cell_with_all_that_is_known(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    output = make_writer(store, tmp_path).write(actor="anna")
    assert sorted(one.name for one in output.folder.iterdir()) == FILES
    rows = pq.read_table(output.folder / "cells.parquet").to_pylist()
    assert [row["status"] for row in rows] == ["stored"] * 3 + ["needs_review", "failed"]
    first = rows[0]
    assert first["recipient_id"] == HOSTILE
    assert first["shared_with"] == 2
    assert first["storage_url"].startswith(f"/a/{first['asset_id']}?expires=")
    assert first["url_expires_at"] == "2026-11-10T12:00:00+00:00"
    assert (first["model"], first["model_version"]) == ("voice-en", 3)
    assert (first["profile_id"], first["profile_version"]) == ("anna", 1)
    assert (first["seeds"], first["qc_state"], first["qc_slot_distance"]) == (
        "[7,7]",
        "passed",
        0.25,
    )
    assert len(first["text_sha256"]) == 64
    assert "text" not in first
    assert (rows[3]["qc_state"], rows[3]["error_code"]) == ("needs_review", "needs_review")
    assert (rows[3]["storage_url"], rows[3]["sha256"]) == (None, None)
    assert rows[4]["error_code"] == "text_unreadable"


def test_texts_are_in_it_only_where_the_campaign_keeps_them(tmp_path: Path) -> None:
    store = make_campaign(tmp_path, keep_texts=True)
    output = make_writer(store, tmp_path, keep_texts=True).write(actor="anna")
    row = csv_rows(output.folder / "cells.csv")[2]
    assert row["text"] == "Hello Bob, this is us. Please come."
    assert row["slots_normalised"] == '{"first_name":"Bob"}'
    assert "Hello Bob" in (output.folder / "report.html").read_text()


def test_no_file_has_a_personal_text_that_is_not_kept(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    output = make_writer(store, tmp_path).write(actor="anna")
    for name in FILES:
        assert b"Hello Wendy" not in (output.folder / name).read_bytes()
    assert "Please come." in (output.folder / "report.html").read_text()


def test_both_forms_say_the_same_and_a_spreadsheet_runs_none_of_it(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    folder = make_writer(store, tmp_path).write(actor="anna").folder
    assert csv_rows(folder / "cells.csv")[0]["recipient_id"] == f"'{HOSTILE}"
    rejected = csv_rows(folder / "rejected.csv")
    assert [(row["row"], row["error_code"]) for row in rejected] == [
        ("6", "sentence_end"),
        ("7", "bad_quoting"),
    ]
    assert pq.read_table(folder / "rejected.parquet").to_pylist()[0]["recipient_id"] == HOSTILE


def test_every_uploaded_row_is_a_recipient_or_rejected_or_known(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    folder = make_writer(store, tmp_path).write(actor="anna").folder
    report = json.loads((folder / "report.json").read_text())
    rows = csv_rows(folder / "cells.csv")
    recipients = len({row["recipient_id"] for row in rows})
    rejected = len(csv_rows(folder / "rejected.csv"))
    assert report["rows"] == {"uploaded": 8, "recipients": 5, "rejected": 2, "known": 1}
    assert report["rows"]["uploaded"] == recipients + rejected + report["rows"]["known"]
    assert report["cells"] == dict(Counter(row["status"] for row in rows))


def test_counts_that_do_not_add_up_leave_nothing_behind(
    store: SqlCampaignStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = store.counts("spring")
    wrong = replace(counts, rows=counts.rows + 1, cells={CellState.STORED: len(NAMES)})
    monkeypatch.setattr(store, "counts", lambda _id: wrong)
    with pytest.raises(CampaignReportError, match=r"rows \(.*9 counted, 8 listed; failed cells"):
        make_writer(store, tmp_path).write(actor="anna")
    assert list((tmp_path / "campaigns" / "spring").iterdir()) == []
    assert all(event.kind is not Kind.REPORTED for event in store.events("spring"))


def test_the_same_again_is_the_same_folder_with_fresh_addresses(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    first = make_writer(store, tmp_path).write(actor="anna")
    later = make_writer(store, tmp_path, now=NOW + timedelta(days=3)).write(actor="bob")
    assert (first.is_new, later.is_new) == (True, False)
    assert (later.folder, later.digest) == (first.folder, first.digest)
    assert [one.name for one in first.folder.parent.iterdir()] == [first.digest[:32]]
    assert csv_rows(later.folder / "cells.csv")[0]["url_expires_at"] == "2026-11-13T12:00:00+00:00"
    reported = [event for event in store.events("spring") if event.kind is Kind.REPORTED]
    assert [(event.actor, event.facts["digest"]) for event in reported] == [("anna", first.digest)]


def test_tables_are_verified_by_the_chain_wherever_they_are(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    output = make_writer(store, tmp_path).write(actor="anna")
    moved = output.folder.rename(tmp_path / "handed over")
    found = verify_tables(store, "spring", moved)
    assert found.digest == output.digest
    assert found.event is not None
    assert (found.event.actor, found.is_latest) == ("anna", True)


@pytest.mark.parametrize("name", ["cells", "rejected"])
def test_a_changed_table_is_not_recorded(
    store: SqlCampaignStore, tmp_path: Path, name: str
) -> None:
    folder = make_writer(store, tmp_path).write(actor="anna").folder
    path = folder / f"{name}.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(CampaignReportError, match=f"{name}.csv and {name}.parquet do not say"):
        verify_tables(store, "spring", folder)
    table = pq.read_table(folder / f"{name}.parquet")
    pq.write_table(table.slice(0, table.num_rows - 1), folder / f"{name}.parquet")
    found = verify_tables(store, "spring", folder)
    assert (found.event, found.is_latest) == (None, False)


def test_what_is_no_whole_output_cannot_be_verified(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    with pytest.raises(CampaignReportError, match=r"cells.csv is not there"):
        verify_tables(store, "spring", tmp_path)
    folder = make_writer(store, tmp_path).write(actor="anna").folder
    (folder / "cells.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CampaignReportError, match="expected the columns campaign_id"):
        verify_tables(store, "spring", folder)


def test_a_later_state_is_a_folder_of_its_own(store: SqlCampaignStore, tmp_path: Path) -> None:
    first = make_writer(store, tmp_path).write(actor="anna")
    store.accept_reviewed("spring", "hello-Wendy", actor="bob", reason="heard it")
    second = make_writer(store, tmp_path).write(actor="anna")
    assert second.folder != first.folder
    assert first.folder.is_dir()
    assert not verify_tables(store, "spring", first.folder).is_latest
    report = json.loads((second.folder / "report.json").read_text())
    assert report["quality"]["accepted_by_person"] == 1


@pytest.mark.parametrize("ready", ["draft", "planned", "running", "stopped", "cancelled"])
def test_it_says_how_an_unfinished_campaign_stands(tmp_path: Path, ready: str) -> None:
    store = open_campaigns(tmp_path)
    upload(store)
    if ready != "draft":
        add_plan(store)
    if ready in {"running", "stopped"}:
        begin(store, "spring")
    if ready == "stopped":
        store.change("spring", partial(stop, reason=HOSTILE, facts={}, actor="worker"))
    if ready == "cancelled":
        store.change("spring", partial(cancel, reason="no need", actor="anna"))
    output = make_writer(store, tmp_path).write(actor="anna")
    report = json.loads((output.folder / "report.json").read_text())
    assert report["state"] == ready
    cells = {
        "draft": {"accepted": 5},
        "cancelled": {"failed": 1, "cancelled": 4},
    }.get(ready, {"queued": 4, "failed": 1})
    assert report["cells"] == cells
    assert output.cells == 5
    assert verify_tables(store, "spring", output.folder).is_latest


def test_a_recall_leaves_no_audio_and_no_address(store: SqlCampaignStore, tmp_path: Path) -> None:
    before = make_writer(store, tmp_path).write(actor="anna")
    assert "data:audio/flac" in (before.folder / "report.html").read_text()
    store.recall(Selector(campaign="spring"), actor="anna", reason="a bad version")
    waiting = make_writer(store, tmp_path).write(actor="anna")
    assert "data:audio/flac" not in (waiting.folder / "report.html").read_text()
    store.note_removed(store.recalled_files())  # and a store that did not do it
    after = make_writer(store, tmp_path).write(actor="anna")
    assert not before.folder.exists()
    assert "data:audio/flac" not in (after.folder / "report.html").read_text()
    rows = csv_rows(after.folder / "cells.csv")
    assert Counter(row["status"] for row in rows)["recalled"] == 3
    assert {row["storage_url"] for row in rows} == {""}
    assert "a bad version" in {row["recall_reason"] for row in rows}


def test_nothing_of_an_erased_recipient_is_left(store: SqlCampaignStore, tmp_path: Path) -> None:
    before = make_writer(store, tmp_path).write(actor="anna")
    store.erase_recipient("r-2", campaign_id=None, actor="anna", reason="asked for it")
    after = make_writer(store, tmp_path).write(actor="anna")
    assert not before.folder.exists()
    row = csv_rows(after.folder / "cells.csv")[1]
    told = [row[name] for name in ("status", "asset_id", "text_sha256", "sha256", "storage_url")]
    assert told == ["erased", "", "", "", ""]
    report = json.loads((after.folder / "report.json").read_text())
    assert report["rows"]["recipients"] == 5


def test_a_change_in_the_middle_has_the_tables_written_again(
    store: SqlCampaignStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, asked = store.counts, []

    def change_once(campaign_id: str) -> Counts:
        asked.append(campaign_id)
        if len(asked) == 2:
            store.recall(Selector(campaign="spring"), actor="anna", reason="a bad version")
        return counts(campaign_id)

    monkeypatch.setattr(store, "counts", change_once)
    output = make_writer(store, tmp_path).write(actor="anna")
    assert {row["status"] for row in csv_rows(output.folder / "cells.csv")} >= {"recalled"}
    assert "stored" not in json.loads((output.folder / "report.json").read_text())["cells"]


def test_a_campaign_that_never_rests_is_not_reported(
    store: SqlCampaignStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, asked = store.campaign("spring"), []

    def moving(_id: str) -> Campaign:
        asked.append(_id)
        return replace(found, why=str(len(asked)))

    monkeypatch.setattr(store, "campaign", moving)
    with pytest.raises(CampaignStateError, match="was changed 3 times while its table"):
        make_writer(store, tmp_path).write(actor="anna")


def test_a_campaign_of_this_machine_is_nobody_elses_to_read(
    store: SqlCampaignStore, tmp_path: Path
) -> None:
    make_writer(store, tmp_path).write(actor="anna")
    assert (tmp_path / "campaigns").stat().st_mode & 0o077 == 0


def test_outputs_can_be_removed_without_a_new_one(store: SqlCampaignStore, tmp_path: Path) -> None:
    output = make_writer(store, tmp_path).write(actor="anna")
    assert remove_outputs(output.folder.parent) == 1
    assert remove_outputs(output.folder.parent) == 0
    assert remove_outputs(tmp_path / "none") == 0


def test_an_expired_campaign_is_reported(tmp_path: Path) -> None:
    store = open_campaigns(tmp_path)
    upload(store)
    add_plan(store)

    def expire(campaign: Campaign, now_s: float) -> Changed:
        return replace(campaign, state=CampaignState.EXPIRED, completed_at_s=now_s), None

    store.change("spring", expire)
    report = make_writer(store, tmp_path).write(actor="anna").folder / "report.json"
    assert json.loads(report.read_text())["cells"] == {"failed": 1, "expired": 4}
