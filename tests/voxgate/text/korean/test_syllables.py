from __future__ import annotations

import pytest

from voxgate.text.korean.syllables import phones_of, split, tense
from voxgate.text.symbols import symbol_table


@pytest.mark.parametrize("char", "가각힣닭왜의예쌌")
def test_a_syllable_taken_apart_is_the_same_again(char: str) -> None:
    assert str(split(char)) == char


@pytest.mark.parametrize(
    ("char", "phones"),
    [
        ("안", "ㅇㅏㄴ"),
        ("요", "ㅇㅣㅗ"),
        ("과", "ㄱㅗㅏ"),
        ("의", "ㅇㅡㅣ"),
        ("뒤", "ㄷㅜㅣ"),
        ("계", "ㄱㅣㅔ"),
    ],
)
def test_diphthongs_are_two_phones(char: str, phones: str) -> None:
    assert phones_of(split(char)) == tuple(phones)


def test_every_phone_of_every_syllable_that_is_heard_is_in_the_table() -> None:
    table = symbol_table("v2")
    heard = {phone for code in range(0xAC00, 0xD7A4) for phone in phones_of(split(chr(code)))}
    clusters = set("ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ")
    assert all(phone in table for phone in heard - clusters)


def test_only_plain_consonants_tense() -> None:
    syllables = [split(char) for char in "가다바사자마차"]
    for syllable in syllables:
        tense(syllable)
    assert "".join(map(str, syllables)) == "까따빠싸짜마차"
