from __future__ import annotations

import pytest

from voxgate.text.korean.signs import (
    join_groups,
    speak_arithmetic,
    speak_fractions,
    speak_numbers,
    speak_ranges,
    speak_signs,
    speak_versions,
)


def test_thousands() -> None:
    assert join_groups("1,234,567과 12,5와 1,2345") == "1234567과 12,5와 1,2345"


def test_versions() -> None:
    assert speak_versions("2.10.3, 3.14") == "이점십점삼, 3.14"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3~5명", "3명에서 5명"),
        ("10~20%", "10에서 20%"),
        ("10-15분", "10분에서 15분"),
        ("9시~오후 6시", "9시에서 오후 6시"),
        ("월~금요일", "월에서 금요일"),
        ("와~ 좋다", "와~ 좋다"),
        ("3-1", "3-1"),
        ("6~7월", "6월에서 7월"),
    ],
)
def test_ranges(text: str, said: str) -> None:
    assert speak_ranges(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3/4", "4분의 삼"),
        ("1 1/2", "1과 2분의 일"),
        ("4 1/2", "4와 2분의 일"),
        ("3.5/5.0", "3.5/5.0"),
    ],
)
def test_fractions(text: str, said: str) -> None:
    assert speak_fractions(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2+3", "2 더하기 3"),
        ("2-3=1", "2 빼기 3=1"),
        ("6/2=3", "6 나누기 2=3"),
        ("1+1 행사", "원 플러스 원 행사"),
        ("3≥2", "3은 2보다 크거나 같다"),
        ("2≠3", "2는 3과 같지 않다"),
        ("≈3", "약 3"),
        (">5명", "5명 초과"),
        ("2^10", "2의 10제곱"),
        ("#1", "넘버 1"),
    ],
)
def test_arithmetic(text: str, said: str) -> None:
    assert " ".join(speak_arithmetic(text).split()) == said


def test_numbers_and_what_they_equal() -> None:
    assert speak_numbers("-3, +5, 1만, 12.5 = 7") == "마이너스 삼, 플러스 오, 일만, 십이점오는 칠"
    assert speak_numbers("6=3") == "육은 삼"


def test_signs_alone_have_names() -> None:
    assert " ".join(speak_signs("가 & 나 @ 다").split()) == "가 앤드 나 골뱅이 다"
