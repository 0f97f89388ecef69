from __future__ import annotations

import pytest

from voxgate.text.chinese.wording import MANDARIN
from voxgate.text.han.signs import speak_arithmetic, speak_numbering, speak_powers, speak_signs


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("5-3=2", "5减3=2"),
        ("3-5天", "3-5天"),
        ("3*4=12", "3乘4=12"),
        ("²-4", "²减4"),
        ("3−5", "3减5"),
    ],
)
def test_speak_arithmetic(written: str, said: str) -> None:
    assert speak_arithmetic(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("3²", "3的平方"), ("²", "平方"), ("10^6", "10的六次方"), ("10^-3", "10的负三次方")],
)
def test_speak_powers(written: str, said: str) -> None:
    assert speak_powers(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("№5", "5号"), ("5#楼", "5号楼"), ("~5个", "约5个"), ("约~5个", "约5个")],
)
def test_speak_numbering(written: str, said: str) -> None:
    assert speak_numbering(written, MANDARIN) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a=b", "a等于b"),
        ("α", "阿尔法"),
        ("Ω", "欧米伽"),
        ("ς", "西格马"),
        ("ω", "欧米伽"),
        ("a-b", "a-b"),
    ],
)
def test_speak_signs(written: str, said: str) -> None:
    assert speak_signs(written, MANDARIN) == said
