from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.korean.letters import refuse_latin, speak_letters, speak_roman_numerals


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("ㅋㅋㅋㅋㅋ", "크크크"),
        ("ㅎㅎ ㅠㅠ", "흐흐 흑흑"),
        ("ㅇㅇ ㄱㄱ", "응응 고고"),
        ("ㄱ자와 ㅏ", "기역자와 아"),
        ("ㅇㅇㅇ", "이응이응이응"),
    ],
)
def test_letters_alone_are_said(text: str, spoken: str) -> None:
    assert speak_letters(text) == spoken


@pytest.mark.parametrize(
    ("text", "digits"), [("제III장", "제3장"), ("XIV세", "14세"), ("IX권", "9권"), ("I", "I")]
)
def test_roman_numerals_before_counters(text: str, digits: str) -> None:
    assert speak_roman_numerals(text) == digits


def test_latin_words_are_named() -> None:
    with pytest.raises(TextError, match="'AI' at character 2 is a word in Latin letters"):
        refuse_latin("나AI", written="나AI")
    refuse_latin("나", written="나")
