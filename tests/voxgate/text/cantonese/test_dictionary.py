from __future__ import annotations

import sys

import pytest

from voxgate.errors import TextError
from voxgate.text.cantonese import dictionary
from voxgate.text.cantonese.dictionary import dictionary_digest, dictionary_readings


def test_words_decide_and_marks_have_no_reading() -> None:
    assert dictionary_readings("銀行,行街") == [
        "ngan4", "hong4", None, "haang4", "gaai1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("character", "reading"),
    [
        ("㗎", "gaa3"),
        ("𨋢", "lip1"),
        ("𡃁", "leng1"),
        ("𠻹", "tim1"),
        ("瞓", "fan3"),
        ("卅", "saa1"),
    ],
)
def test_characters_of_hong_kong_are_known(character: str, reading: str) -> None:
    assert dictionary_readings(character) == [reading]


def test_the_digest_names_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary_digest.cache_clear()
    before = dictionary_digest()
    dictionary_digest.cache_clear()
    monkeypatch.setattr(dictionary, "version", lambda name: f"{name} 0")
    assert dictionary_digest() != before
    dictionary_digest.cache_clear()


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary_digest.cache_clear()
    monkeypatch.setitem(sys.modules, "ToJyutping", None)
    with pytest.raises(TextError, match=r"needs the library 'ToJyutping'.*'voxgate\[yue\]'"):
        dictionary_digest()
