from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from voxgate.errors import TextError
from voxgate.pretraining.speech import sentences as module
from voxgate.pretraining.speech.sentences import common_words, normalise, sentences


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert list(islice(sentences(7), 200)) == list(islice(sentences(7), 200))
    assert list(islice(sentences(7), 20)) != list(islice(sentences(8), 20))


def test_the_first_sentences_never_change() -> None:
    """Shards that exist were made from this sequence: changing it orphans them."""
    texts = [sentence.text for sentence in islice(sentences(1), 2)]
    assert texts == [
        "These its not she, if nod disabled have must.",
        "The ticket to Perth went from four hundred forty three pounds and eighty five pence to "
        "seventy two euros and eleven cents.",
    ]


def test_every_text_is_unique_spelled_out_and_of_bounded_length() -> None:
    drawn = list(islice(sentences(1), 3000))
    keys = [normalise(sentence.text) for sentence in drawn]
    assert len(set(keys)) == len(keys)
    assert all(3 <= len(key.split()) <= 24 for key in keys)
    assert not any(letter.isdigit() or letter in "{}@" for s in drawn for letter in s.text)


def test_four_in_ten_are_unpredictable_and_every_class_occurs() -> None:
    kinds = Counter(sentence.kind for sentence in islice(sentences(1), 3000))
    assert kinds["random"] / 3000 == pytest.approx(0.40, abs=0.03)
    assert set(kinds) == {"random", *module._TEMPLATE_WEIGHTS}


def test_an_excluded_text_leaves_a_gap_and_moves_nothing() -> None:
    plain = list(islice(sentences(3), 50))
    excluded = {normalise(plain[4].text), normalise(plain[20].text)}
    rest = list(islice(sentences(3, excluded=excluded), 48))
    assert rest == [s for s in plain if s.index not in (4, 20)]


def test_exhausted_templates_are_an_error_not_an_endless_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_draw", lambda _rng: ("plain", "Always the same words."))
    stream = sentences(1)
    next(stream)
    with pytest.raises(TextError, match="add templates or words"):
        next(stream)


def test_words_are_plain_and_unique() -> None:
    words = common_words()
    assert len(words) == len(set(words)) == 9000
    assert all(word.isalpha() and word.islower() for word in words)
