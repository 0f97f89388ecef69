from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.ranges import speak_fractions, speak_ranges


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3-5天", "三到5天"),
        ("2-3个", "两到3个"),
        ("2-3楼", "二到3楼"),
        ("5kg-10kg", "5kg到10kg"),
        ("10~20", "十到20"),
        ("5-3=2", "5-3=2"),
        ("-5~3℃", "-5到3℃"),
    ],
)
def test_speak_ranges(written: str, said: str) -> None:
    assert speak_ranges(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1/2", "二分之一"),
        ("1 1/2", "一又二分之一"),
        ("1/2/3", "1/2/3"),
        ("血压120/80", "血压一百二十,八十"),
    ],
)
def test_speak_fractions(written: str, said: str) -> None:
    assert speak_fractions(written, MANDARIN) == said
