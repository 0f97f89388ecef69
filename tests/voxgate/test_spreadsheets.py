"""Tables that a spreadsheet shows and does not run."""

import csv
import io

import pytest

from voxgate.spreadsheets import guard_cell, unguard_cell, write_table

RUN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")', "＝1"]
HARMLESS = ["", "a=1", "'tis", "it's - late", "''", " 5"]


@pytest.mark.parametrize("text", RUN)
def test_a_formula_becomes_a_text(text):
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay(text):
    assert guard_cell(text) == text


@pytest.mark.parametrize("text", [*RUN, *HARMLESS, "'=1", "''-1", "'''@x"])
def test_what_was_written_is_read_back(text):
    assert unguard_cell(guard_cell(text)) == text


def test_every_cell_of_a_table_is_guarded():
    text = write_table(["a", "b"], [["=1", "x, y"], ["z", '"-1']])
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["a", "b"], ["'=1", "x, y"], ["z", '"-1']]
