from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.cardinals import say_cardinal, say_counted, say_digits, say_number


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("12", "十二"),
        ("110", "一百一十"),
        ("105", "一百零五"),
        ("2000", "两千"),
        ("200", "二百"),
        ("10086", "一万零八十六"),
        ("22000", "两万二千"),
        ("1005000", "一百万五千"),
        ("100050000", "一亿零五万"),
        ("007", "零零七"),
        ("11111111111111111", "一一一一一一一一一一一一一一一一一"),
    ],
)
def test_say_cardinal(written: str, said: str) -> None:
    assert say_cardinal(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("3,500.04", "三千五百点零四"), ("-2", "负二"), (".5", "零点五")],
)
def test_say_number(written: str, said: str) -> None:
    assert say_number(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("2", "两"), ("12", "十二")],
)
def test_say_counted(written: str, said: str) -> None:
    assert say_counted(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("120", "一二零")],
)
def test_say_digits(written: str, said: str) -> None:
    assert say_digits(written, MANDARIN) == said


def test_a_code_says_one_in_its_own_way() -> None:
    assert say_digits("110", MANDARIN, code=True) == "幺幺零"
