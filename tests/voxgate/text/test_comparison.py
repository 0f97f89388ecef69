"""Bring written and heard text to the words that are compared, whatever a recogniser writes."""

from __future__ import annotations

import random

import pytest

from voxgate.text.comparison import spoken_form
from voxgate.text.comparisons import comparison_rules

FORM = spoken_form(comparison_rules("en"), spelling=str.lower)

SCRAPS = (
    "hello", "fifty", "1,5", "$", "%", "£1", "(", ")", "[", "]", "<b>", "♪", "🙂", "привет", "你好",
    "مرحبا", "1/2", "٣", "ﬁ", "\u200b", "\x00", "�", "''", "-", "--", "…", "2:30", "00:00", "a.m.",
    "point", "and", "hundred", "million", "oh", "double", "first", "th", "O'", "@", "#", "C++",
)  # fmt: skip


def test_what_the_front_end_cannot_read_is_a_word_that_nobody_said() -> None:
    assert FORM("hello привет, there 你好!") == "hello привет there 你好"


def test_what_is_silent_is_no_word() -> None:
    assert FORM("hello 🙂 there ♪") == "hello there"
    assert FORM("...") == FORM("") == FORM("♪♪") == ""


def test_a_number_beside_an_unreadable_word_is_still_a_number() -> None:
    assert FORM("50% да 7") == "five zero percent да seven"


@pytest.mark.parametrize("seed", range(200))
def test_nothing_that_a_recogniser_writes_ends_a_sitting(seed: int) -> None:
    rng = random.Random(seed)
    text = rng.choice(["", " "]).join(rng.choices(SCRAPS, k=rng.randint(1, 12)))
    assert FORM(text) == " ".join(FORM(text).split())
