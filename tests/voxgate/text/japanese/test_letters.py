"""Latin letters inside Japanese words."""

from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.japanese.letters import reads_latin, refuse_words, spell_letters


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Tシャツ", "ティーシャツ"),
        ("NHK", "エヌエイチケー"),
        ("IoT", "アイオーティー"),
        ("A4", "エー4"),
        ("O157", "オーイチゴーナナ"),
        ("COVID-19", "コビッド19"),
        ("R&B", "アールアンドビー"),
        ("3Dの5G", "スリーディーのファイブジー"),
        ("NASA", "ナサ"),
        ("Python", "Python"),
    ],
)
def test_codes_are_spelled_and_words_are_not(written: str, spoken: str) -> None:
    assert spell_letters(written) == spoken


@pytest.mark.parametrize("token", ["NHK", "T", "A4", "PM2.5", "IoT", "Wi-Fi", "3D", "Q&A"])
def test_what_is_said_in_japanese_is_known(token: str) -> None:
    assert reads_latin(token)


@pytest.mark.parametrize("token", ["Python", "iPhone", "hello", "123", "Google Chrome"])
def test_words_are_left_to_english(token: str) -> None:
    assert not reads_latin(token)


def test_a_word_is_refused_with_its_place() -> None:
    with pytest.raises(TextError, match="'Python' at character 3 is no Japanese word"):
        refuse_words("今日Python", "今日Python")
    refuse_words("今日", "今日")
