from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.counting import speak_numbers


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1024名", "一千零二十四名"),
        ("985高校", "九八五高校"),
        ("500强", "五百强"),
        ("2008奥运", "二零零八奥运"),
        ("在2024", "在二零二四"),
        ("123", "幺二三"),
        ("共123", "共一百二十三"),
        ("第2个", "第二个"),
        ("2个", "两个"),
        ("2手", "二手"),
        ("12345678", "幺二三四五六七八"),
        ("05", "零五"),
        ("-5", "负五"),
    ],
)
def test_speak_numbers(written: str, said: str) -> None:
    assert speak_numbers(written, MANDARIN) == said
