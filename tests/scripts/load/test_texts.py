from __future__ import annotations

from scripts.load.texts import SENTENCE_CHARACTERS, messages, sentences


def test_every_sentence_has_49_characters_and_comes_once() -> None:
    made = list(sentences(1))
    assert len(made) == len(set(made)) > 10_000
    assert {len(text) for text in made} == {SENTENCE_CHARACTERS} == {49}


def test_a_seed_decides_the_order() -> None:
    first, again, other = (next(sentences(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_no_sentence_of_a_message_comes_twice() -> None:
    parts = [part for text in messages(1, 3) for part in text.split(". ")]
    assert len(parts) == len({part.rstrip(".") for part in parts}) > 10_000
