from __future__ import annotations

import random
import string

import pytest

from voxgate.errors import TextError
from voxgate.text.english.grapheme_to_phoneme import spelling_model
from voxgate.text.english.lexicon import cmu_dictionary
from voxgate.text.symbols import symbol_table


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("blickets", "B L IH1 K AH0 T S"),
        ("Phlogging", "F L AA1 G IH0 NG"),
        ("restitching", "R IY0 S T IH1 CH IH0 NG"),
        ("unmutable", "AH0 N M Y UW1 T AH0 B AH0 L"),
    ],
)
def test_words_that_no_dictionary_holds_are_spoken_as_expected(word: str, phones: str) -> None:
    assert word.lower() not in cmu_dictionary()
    assert " ".join(spelling_model().pronounce(word)) == phones


def test_the_model_agrees_with_the_dictionary_that_it_learnt_from() -> None:
    words = sorted(word for word in cmu_dictionary() if word.isalpha())
    sample = random.Random(5).sample(words, 200)
    same = sum(
        spelling_model().pronounce(word) == tuple(cmu_dictionary()[word].split()) for word in sample
    )
    assert same >= 120


def test_every_pair_of_letters_can_be_spoken() -> None:
    table = symbol_table("v2")
    for first in string.ascii_lowercase:
        for second in string.ascii_lowercase:
            phones = spelling_model().pronounce(first + second)
            assert len(phones) <= 4
            table.ids_of(phones)


def test_a_very_long_word_takes_no_longer_than_its_length_asks_for() -> None:
    assert len(spelling_model().pronounce("supercalifragilistic" * 20)) > 100


@pytest.mark.parametrize("word", ["", "don't", "naïve", "B4"])
def test_other_characters_are_refused(word: str) -> None:
    with pytest.raises(TextError, match="letters a-z needed"):
        spelling_model().pronounce(word)
