"""Numerals in Han characters before a counter."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.numerals import numerals_to_digits


@pytest.mark.parametrize(
    ("written", "looked_up"),
    [
        ("三百五十人", "350人"),
        ("二十歳", "20歳"),
        ("一億二千万円", "120000000円"),
        ("三行", "3行"),
        ("二三日", "二三日"),
        ("五十音", "五十音"),
        ("八百屋", "八百屋"),
        ("万一", "万一"),
        ("千人", "千人"),
        ("四十九日", "49日"),
    ],
)
def test_numerals_before_counters_become_digits(written: str, looked_up: str) -> None:
    assert numerals_to_digits(written) == looked_up
