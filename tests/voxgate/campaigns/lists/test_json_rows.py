"""Rows of JSON Lines lists."""

from __future__ import annotations

import io

import pytest

from voxgate.campaigns.lists.json_rows import json_rows
from voxgate.campaigns.lists.lines import read_lines
from voxgate.campaigns.lists.rows import RawRow, RejectedRow


def row(line: str) -> RawRow | RejectedRow:
    [found] = json_rows(read_lines(io.BytesIO(line.encode())))
    return found


def test_numbers_keep_their_writing_and_null_is_nothing() -> None:
    found = row('{"recipient_id": 17, "sum": 12.50, "big": 1e400, "name": "Zo\\u00eb", "x": null}')
    assert isinstance(found, RawRow)
    assert found.cells == {"recipient_id": "17", "sum": "12.50", "big": "1e400", "name": "Zoë"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"a": 1', "no JSON"),
        ("[1]", "expected an object"),
        ("17", "expected an object"),
        ('{"a": NaN}', "NaN is no value"),
        ('{"a": true}', "'a': expected a text or a number, got True"),
        ('{"a": {"b": 1}}', "'a': expected a text"),
        ('{"a": 1, "a": 2}', "'a' stands there twice"),
        ("[" * 60_000, "no JSON"),
    ],
)
def test_a_bad_line_says_why(line: str, expected: str) -> None:
    found = row(line)
    assert isinstance(found, RejectedRow)
    assert found.code == "bad_json"
    assert expected in found.detail
    assert len(found.detail) < 300


def test_bad_bytes_are_a_bad_line() -> None:
    found = list(json_rows(read_lines(io.BytesIO(b'{"a": "\xff"}\n{"a": "b"}\n'))))
    assert [getattr(each, "code", None) for each in found] == ["not_utf8", None]
