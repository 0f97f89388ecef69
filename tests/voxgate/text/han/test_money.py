from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.money import speak_money


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$50", "五十美元"),
        ("US$1.2万", "一点二万美元"),
        ("¥1,200", "一千二百元"),
        ("100万USD", "一百万美元"),
        ("$5-10", "五到十美元"),
        ("€2", "两欧元"),
        ("$", "美元"),
        ("-$5", "负五美元"),
    ],
)
def test_speak_money(written: str, said: str) -> None:
    assert speak_money(written, MANDARIN) == said
