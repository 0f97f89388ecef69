from __future__ import annotations

import pytest

from voxgate.evaluation.drills.damage.words import (
    drop_numbers_and_negations,
    drop_words,
    opening_words,
    repeat_words,
    swap_words,
)


def test_every_fifth_word_is_dropped_or_repeated() -> None:
    text = "a b c d e f g h"
    assert drop_words(text) == "a c d e f h"
    assert repeat_words(text) == "a b b c d e f g g h"
    assert (drop_words("alone"), repeat_words("alone")) == ("alone", "alone")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Pay $4,200.50 by the 3rd of May.", "Pay by the of May."),
        ("Twenty-one people came, not four.", "people came,"),
        ("She can’t and won't wait.", "She can and will wait."),
        ("The kettle clicked off.", "The kettle clicked off."),
        ("None.", "None."),
    ],
)
def test_numbers_and_negations_are_left_out(text: str, said: str) -> None:
    assert drop_numbers_and_negations(text) == said


def test_two_neighbours_are_exchanged() -> None:
    assert swap_words("It was a quiet night in May.") == "It was a night quiet in May."
    assert swap_words("Go to it.") == "Go it. to"
    assert swap_words("Go.") == "Go."


def test_a_leak_has_four_words() -> None:
    assert opening_words("one two three four five") == "one two three four"
    assert opening_words("one two") == "one two"
