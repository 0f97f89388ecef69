from __future__ import annotations

import pytest

from voxgate.text.english import numbers


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "zero"),
        ("19", "nineteen"),
        ("21", "twenty-one"),
        ("100", "one hundred"),
        ("1005", "one thousand five"),
        ("12000000", "twelve million"),
        ("9" * 22, " ".join(["nine"] * 22)),
    ],
)
def test_cardinals(number: str, words: str) -> None:
    assert numbers.cardinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1", "first"),
        ("12", "twelfth"),
        ("20", "twentieth"),
        ("33", "thirty-third"),
        ("100", "one hundredth"),
    ],
)
def test_ordinals(number: str, words: str) -> None:
    assert numbers.ordinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"),
        ("2000", "two thousand"),
        ("2024", "twenty twenty-four"),
    ],
)
def test_years(number: str, words: str) -> None:
    assert numbers.year(number) == words
