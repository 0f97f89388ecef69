"""Numbers in the form that the reading of Japanese starts from."""

from __future__ import annotations

import pytest

from voxgate.text.japanese.numbers import cardinal, digit_by_digit, join_thousands, number


@pytest.mark.parametrize(
    ("digits", "spoken"),
    [
        ("0", "0"),
        ("1000", "1000"),
        ("15000", "1万5000"),
        ("12345678", "1234万5678"),
        ("100000000", "1億"),
        ("10000000000000000", "1京"),
        ("03", "ゼロサン"),
        ("00", "ゼロゼロ"),
    ],
)
def test_cardinals_are_grouped_by_ten_thousand(digits: str, spoken: str) -> None:
    assert cardinal(digits) == spoken


def test_more_digits_than_a_number_has_are_said_one_by_one() -> None:
    assert cardinal("1" * 21) == "イチ" * 21


@pytest.mark.parametrize(
    ("written", "spoken"),
    [("3.14", "3点14"), ("0.5", "零点5"), ("2.71828", "2点ナナイチハチニーハチ"), ("10", "10")],
)
def test_fractions_follow_a_point(written: str, spoken: str) -> None:
    assert number(written) == spoken


def test_digits_are_said_one_by_one() -> None:
    assert digit_by_digit("2580") == "ニーゴーハチゼロ"


@pytest.mark.parametrize(
    ("written", "joined"),
    [("15,000円", "15000円"), ("1,234,567", "1234567"), ("1,2,3", "1,2,3"), ("12,34", "12,34")],
)
def test_only_commas_of_thousands_are_taken_out(written: str, joined: str) -> None:
    assert join_thousands(written) == joined
