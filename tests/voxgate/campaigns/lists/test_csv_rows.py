"""Rows of CSV lists: what is broken stays in its row."""

from __future__ import annotations

import io

import pytest

from voxgate.campaigns.lists.csv_rows import csv_rows, read_header, sniff_delimiter
from voxgate.campaigns.lists.lines import read_lines
from voxgate.campaigns.lists.rows import RawRow, RejectedRow
from voxgate.spreadsheets import write_table

COLUMNS = ("recipient_id", "name", "note")
READ = frozenset(("recipient_id", "name"))


def rows(text: str, delimiter: str = ",") -> list[RawRow | RejectedRow]:
    lines = read_lines(io.BytesIO(text.encode()))
    return list(csv_rows(lines, COLUMNS, delimiter, on_one_line=READ))


def told(text: str) -> list[tuple[int, object]]:
    return [
        (row.number, row.code if isinstance(row, RejectedRow) else tuple(row.cells.values()))
        for row in rows(text)
    ]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("recipient_id,name", ","),
        ("recipient_id;name", ";"),
        ("recipient_id\tname,full", "\t"),
        ('"recipient_id";"name, full"', ";"),
        ("recipient_id", ","),
    ],
)
def test_the_delimiter_is_told_by_the_header(header: str, delimiter: str) -> None:
    assert sniff_delimiter(header) == delimiter


def test_a_header_with_a_stray_quotation_mark_is_none() -> None:
    assert read_header('a,"b', ",") is None
    assert read_header(' a ,"b"', ",") == ("a", "b")


def test_cells_hold_what_rfc_4180_lets_them_hold() -> None:
    text = '1,"Smith, Anna","say ""hi"""\n2,,\n3,"Ben","two\nlines, ""quoted"""\n4,5\' 6",x\n'
    assert told(text) == [
        (1, ("1", "Smith, Anna", 'say "hi"')),
        (2, ("2", "", "")),
        (3, ("3", "Ben", 'two\nlines, "quoted"')),
        (5, ("4", "5' 6\"", "x")),
    ]


def test_a_stray_quotation_mark_costs_its_own_row_alone() -> None:
    text = '1,"Anna,x\n2,Ben,y\n3,"Cid",z\n4,"Dora"!,x\n5,Eve,"\n6,Finn,x\n'
    assert told(text) == [
        (1, "bad_quoting"),
        (2, ("2", "Ben", "y")),
        (3, ("3", "Cid", "z")),
        (4, "bad_quoting"),
        (5, "bad_quoting"),
        (6, ("6", "Finn", "x")),
    ]


def test_two_stray_quotation_marks_swallow_no_row_between_them() -> None:
    text = '1,"Anna,x\n2,Ben,y\n3,Cid,z\n4,Dora",x\n'
    assert [number for number, _ in told(text)] == [1, 2, 3, 4]


def test_a_row_of_very_many_lines_is_no_row() -> None:
    text = '1,"Anna' + "\n2,Ben,y" * 40 + '",x\n'
    found = told(text)
    assert found[0] == (1, "bad_quoting")
    assert len(found) == 41


def test_other_numbers_of_cells_are_rejected() -> None:
    assert told("1,Anna\n2,a,b,c\n3,a,b") == [
        (1, "wrong_columns"),
        (2, "wrong_columns"),
        (3, ("3", "a", "b")),
    ]


def test_bad_bytes_within_a_quoted_cell_cost_no_more_than_their_rows() -> None:
    data = b'1,"Anna\n\xff\n2,Ben,y\n'
    found = list(csv_rows(read_lines(io.BytesIO(data)), COLUMNS, ",", on_one_line=READ))
    assert [type(row) for row in found] == [RejectedRow, RejectedRow, RawRow]


def test_a_table_that_voxgate_wrote_is_read_as_it_was() -> None:
    hostile = ("=cmd|' /C calc'!A0", "@SUM(A1)", "'=1+1")
    table = write_table(COLUMNS, [hostile])
    assert not any(cell.startswith(("=", "@")) for cell in table.splitlines()[1].split(","))
    [_, row] = rows(table)
    assert isinstance(row, RawRow)
    assert tuple(row.cells.values()) == hostile
