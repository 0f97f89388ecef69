"""Readings that a user writes."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.readings import read_notation


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        ("ハ'シ", ("ハシ", 1, 2)),
        ("ハシ'", ("ハシ", 2, 2)),
        ("ハシ", ("ハシ", 0, 2)),
        ("さくら", ("サクラ", 0, 3)),
        ("キャッチャ'ー", ("キャッチャー", 3, 4)),
    ],
)
def test_the_accent_is_the_mora_before_the_fall(reading: str, found: tuple[str, int, int]) -> None:
    assert read_notation(reading) == found


@pytest.mark.parametrize(
    "reading", ["", "'ハシ", "ハ''シ", "ハシ'ハシ'", "bridge", "橋", "キ'ャ", "ー"]
)
def test_what_is_no_reading_is_none(reading: str) -> None:
    assert read_notation(reading) is None
