from __future__ import annotations

import pytest

from voxgate.pretraining.spelling.graphones import Word
from voxgate.pretraining.spelling.model import spelled_words, train_spelling_model
from voxgate.text.english.grapheme_to_phoneme import read_spelling_model

CONSONANTS = {"b": "B", "d": "D", "f": "F", "k": "K", "m": "M", "n": "N", "p": "P", "t": "T"}
VOWELS = {"a": "AE1", "o": "AA1", "ee": "IY1"}
WORDS: list[Word] = [
    (a + v + b, (CONSONANTS[a], VOWELS[v], CONSONANTS[b]))
    for a in CONSONANTS
    for b in CONSONANTS
    for v in VOWELS
    if (a, b) != ("m", "n")
]


@pytest.fixture(scope="module")
def trained() -> bytes:
    return train_spelling_model(WORDS, seed=1)


def test_words_that_were_never_seen_are_spelled_by_their_parts(trained: bytes) -> None:
    model = read_spelling_model(trained)
    assert model.pronounce("mon") == ("M", "AA1", "N")
    assert model.pronounce("Meen") == ("M", "IY1", "N")


def test_the_same_words_give_the_same_bytes(trained: bytes) -> None:
    assert train_spelling_model(WORDS, seed=1) == trained


def test_only_words_that_are_spelled_are_learnt_from() -> None:
    entries = {"cat": "K AE1 T", "a": "AH0", "o'neill": "OW0", "w": "D AH1", "tv": "T IY1 V IY1"}
    entries["abcdefg"] = "AH0"
    assert [word for word, _ in spelled_words(entries)] == ["cat", "tv"]
