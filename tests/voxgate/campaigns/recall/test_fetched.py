"""The list of who may have what was called back."""

from __future__ import annotations

import csv
import io
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

from voxgate.campaigns.ports import Selector
from voxgate.campaigns.recall.fetched import FetchedFile, recall_folder, write_fetched
from voxgate.spreadsheets import unguard_cell

AT = datetime(2026, 11, 3, 12, 30, 1, 5, tzinfo=UTC)


def _file(recipient_id: str | None) -> FetchedFile:
    return FetchedFile(
        campaign="spring",
        recipient_id=recipient_id,
        template="reminder",
        job=None,
        asset_id="a" * 40,
        first_fetched_at=AT,
        last_fetched_at=AT,
        times=3,
    )


def test_a_spreadsheet_shows_the_list_and_runs_nothing_of_it(tmp_path: Path) -> None:
    ids = ["=HYPERLINK(1)", "+49 30", "@x", 'quoted "id", with comma', "r-1"]
    folder = tmp_path / "recall"
    write_fetched(folder, Selector(campaign="spring"), map(_file, ids))
    rows = list(csv.DictReader(io.StringIO((folder / "fetched.csv").read_text())))
    assert not any(row["recipient_id"].startswith(("=", "+", "@")) for row in rows)
    assert [unguard_cell(row["recipient_id"]) for row in rows] == ids
    assert rows[0]["first_fetched_at"] == "2026-11-03T12:30:01+00:00"
    assert (rows[0]["times"], rows[0]["job"]) == ("3", "")
    document = json.loads((folder / "fetched.json").read_text())
    assert document["selector"] == {"campaign": "spring"}
    assert [entry["recipient_id"] for entry in document["fetched"]] == ids
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700, "it names recipients"


def test_nothing_fetched_is_a_list_too(tmp_path: Path) -> None:
    write_fetched(tmp_path / "recall", Selector(campaign="spring"), [])
    assert (tmp_path / "recall" / "fetched.csv").read_text().count("\n") == 1


def test_a_recall_of_the_same_things_has_one_folder(tmp_path: Path) -> None:
    one = recall_folder(tmp_path, Selector(model="voice-en", version=7))
    assert one == recall_folder(tmp_path, Selector(version=7, model="voice-en"))
    assert one != recall_folder(tmp_path, Selector(model="voice-en", version=8))
