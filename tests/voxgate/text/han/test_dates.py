from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.dates import speak_dates, speak_years


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2025-11-28", "二零二五年十一月二十八日"),
        ("1998/07/16", "一九九八年七月十六日"),
        ("2024.5.1", "二零二四年五月一日"),
        ("2024-05", "二零二四年五月"),
        ("3月5-8日", "三月五到八日"),
        ("1-2月", "一到二月"),
        ("5号线", "5号线"),
    ],
)
def test_speak_dates(written: str, said: str) -> None:
    assert speak_dates(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024年", "二零二四年"),
        ("15年", "15年"),
        ("有2000年", "有2000年"),
        ("98年3月", "九八年3月"),
        ("等了98年", "等了98年"),
        ("公元208年", "公元二零八年"),
        ("90年代", "九十年代"),
        ("1990年代", "一九九零年代"),
        ("00后", "零零后"),
        ("90后来", "90后来"),
        ("2020-2024年", "二零二零到二零二四年"),
        ("2024届", "二零二四届"),
        ("2年级", "2年级"),
    ],
)
def test_speak_years(written: str, said: str) -> None:
    assert speak_years(written, MANDARIN) == said
