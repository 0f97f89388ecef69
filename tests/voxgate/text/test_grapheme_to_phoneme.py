from __future__ import annotations

import random

import pytest

from voxgate.errors import TextError
from voxgate.text.grapheme_to_phoneme import spelling_network
from voxgate.text.lexicon import cmu_dictionary
from voxgate.text.symbols import symbol_table


def test_network_spells_as_the_published_weights_do() -> None:
    network = spelling_network()
    assert network.pronounce("activationist") == tuple("AE2 K T IH0 V EY1 SH AH0 N IH0 S T".split())
    assert network.pronounce("Genshin") == tuple("G EH1 N SH IH0 N".split())


def test_network_agrees_with_the_dictionary_on_most_sounds() -> None:
    words = sorted(word for word in cmu_dictionary() if word.isalpha())
    sample = random.Random(5).sample(words, 200)
    same = sum(
        spelling_network().pronounce(word) == tuple(cmu_dictionary()[word].split())
        for word in sample
    )
    assert same >= 100


@pytest.mark.parametrize("word", ["x" * 40, "qqqq", "zzzzzzzz", "a"])
def test_decoding_is_bounded_and_in_the_table(word: str) -> None:
    phones = spelling_network().pronounce(word)
    assert len(phones) <= max(4, 2 * len(word))
    symbol_table("v2").ids_of(phones)


@pytest.mark.parametrize("word", ["", "don't", "naïve", "B4"])
def test_other_characters_are_refused(word: str) -> None:
    with pytest.raises(TextError, match="letters a-z needed"):
        spelling_network().pronounce(word)
