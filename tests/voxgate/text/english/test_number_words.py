"""Say every number digit by digit, whatever way it was said in."""

from __future__ import annotations

import pytest

from voxgate.text.english.number_words import number_words_to_digits
from voxgate.text.english.numbers import cardinal, digits, ordinal, year


def spelled(words: str) -> str:
    return " ".join(number_words_to_digits(words.replace("-", " ").split()))


@pytest.mark.parametrize("value", [*range(1, 130), 999, 1000, 1001, 1010, 2024, 20_000, 987_654])
def test_a_cardinal_comes_out_as_its_digits(value: int) -> None:
    assert spelled(cardinal(str(value))) == digits(str(value))


@pytest.mark.parametrize("value", [1066, 1900, 1905, 1990, 2000, 2005, 2010, 2024])
def test_a_year_comes_out_as_its_digits(value: int) -> None:
    assert spelled(year(str(value))) == digits(str(value))


@pytest.mark.parametrize("value", [1, 2, 12, 20, 21, 30, 100, 101, 112, 121, 1000, 2003])
def test_an_ordinal_stays_an_ordinal(value: int) -> None:
    assert spelled(ordinal(str(value))) == ordinal(str(value)).replace("-", " ")


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("two hundred and five", "two zero five"),
        ("two hundred and five hundred", "two zero zero and five zero zero"),
        ("one hundred and first", "one hundred first"),
        ("a hundred", "one zero zero"),
        ("several hundred", "several hundred"),
        ("double oh seven", "zero zero seven"),
        ("double bed", "double bed"),
        ("oh dear", "oh dear"),
        ("two million three hundred thousand", "two point three million"),
        ("two point three million", "two point three million"),
        ("three point oh five", "three point zero five"),
        ("one million two", "one zero zero zero zero zero two"),
        ("one second", "one second"),
        ("point taken", "point taken"),
        ("five million six million", "five million six million"),
    ],
)
def test_numbers_among_words(said: str, digits: str) -> None:
    assert spelled(said) == digits


def test_where_one_number_ends_and_the_next_begins_does_not_matter() -> None:
    assert spelled("five five five twelve twelve") == spelled("five five five one two one two")
