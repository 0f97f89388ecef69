from __future__ import annotations

from random import Random

import pytest

from voxgate.pretraining.speech.spoken import KINDS, cardinal, ordinal, speak, year


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (100, "one hundred"),
        (999_999, "nine hundred ninety nine thousand nine hundred ninety nine"),
    ],
)
def test_cardinals_are_written_in_words(value: int, words: str) -> None:
    assert cardinal(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "first"),
        (12, "twelfth"),
        (30, "thirtieth"),
        (83, "eighty third"),
        (100, "one hundredth"),
    ],
)
def test_ordinals_are_written_in_words(value: int, words: str) -> None:
    assert ordinal(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1900, "nineteen hundred"), (2000, "two thousand"), (2009, "two thousand nine")],
)
def test_years_are_spoken_as_people_say_them(value: int, words: str) -> None:
    assert year(value) == words


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_leaves_a_digit_in_the_text(kind: str) -> None:
    rng = Random(1)
    for _ in range(200):
        text = speak(kind, rng)
        assert text
        assert not any(letter.isdigit() for letter in text)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        speak("emoji", Random(1))
