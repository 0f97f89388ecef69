"""docs/campaign_output.md names every column, and marks those that the digest leaves out."""

from __future__ import annotations

import re
from pathlib import Path

from voxgate.campaigns.output.columns import REJECTED, cell_table
from voxgate.campaigns.records import CellState

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "campaign_output.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+`) \| (.*) \|$", PAGE, re.MULTILINE)


def test_every_column_has_its_row_in_order() -> None:
    named = [name for names, _ in ROWS for name in re.findall(r"`(\w+)`", names)]
    assert named == cell_table(keep_texts=True).names


def test_columns_that_the_digest_leaves_out_are_marked() -> None:
    marked = {
        name
        for names, meaning in ROWS
        for name in re.findall(r"`(\w+)`", names)
        if meaning.startswith("* ")
    }
    covered = cell_table(keep_texts=True).covered
    assert marked | {"recalled_at"} == set(cell_table(keep_texts=True).names) - set(covered)


def test_every_status_is_named() -> None:
    (statuses,) = [meaning for names, meaning in ROWS if names == "`status`"]
    assert re.findall(r"`(\w+)`", statuses) == [state.value for state in CellState]


def test_the_columns_of_rejected_rows_are_named() -> None:
    (sentence,) = re.findall(r"^`rejected` has (.+?)\. Rows", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", sentence) == REJECTED.names
