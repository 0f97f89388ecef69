from __future__ import annotations

import pytest

from voxgate.text.counting_units import WORD, counting_unit, length_class, named_unit
from voxgate.text.languages import LANGUAGES


def test_every_language_has_a_unit_and_only_english_counts_words() -> None:
    assert [name for name in LANGUAGES if counting_unit(name) is WORD] == ["en"]
    assert {name: counting_unit(name).rate for name in LANGUAGES} == {
        "en": "WER", "zh": "SER", "yue": "SER", "ja": "KER", "ko": "CER",
    }  # fmt: skip
    assert counting_unit("fr") is WORD


def test_evidence_without_a_unit_counted_words() -> None:
    assert named_unit(None) is WORD
    assert named_unit("kana").rate == "KER"
    with pytest.raises(ValueError, match="unit 'mora': expected one of word, syllable, kana"):
        named_unit("mora")


@pytest.mark.parametrize(
    ("language", "short", "medium"), [("en", 7, 14), ("ko", 7, 14), ("zh", 10, 20), ("ja", 15, 30)]
)
def test_sentences_are_short_or_long_in_their_language(
    language: str, short: int, medium: int
) -> None:
    lengths = (short, short + 1, medium, medium + 1)
    found = [length_class(length, language) for length in lengths]
    assert found == ["short", "medium", "medium", "long"]
