"""Latin letters inside Japanese words: codes by the names of their letters.

Words of Latin letters are English, and the English front end reads them; a voice without English
writes them in katakana.
"""

from __future__ import annotations

import re

from voxgate.errors import TextError
from voxgate.text.japanese.numbers import digit_by_digit

__all__ = ["LETTER_NAMES", "is_letter_code", "reads_latin", "refuse_words", "spell_letters"]

LETTER_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー "
            "ピー キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット"
        ).split(),
        strict=True,
    )
)
_WORDS = {
    "Wi-Fi": "ワイファイ",
    "WiFi": "ワイファイ",
    "OK": "オーケー",
    "NASA": "ナサ",
    "NATO": "ナトー",
    "JAXA": "ジャクサ",
    "ASEAN": "アセアン",
    "UNESCO": "ユネスコ",
    "UNICEF": "ユニセフ",
    "AIDS": "エイズ",
    "JAL": "ジャル",
    "ANA": "エーエヌエー",
    "COVID": "コビッド",
    "Vol": "ボリューム",
    "vol": "ボリューム",
    "PASMO": "パスモ",
    "JASRAC": "ジャスラック",
    "3D": "スリーディー",
    "2D": "ツーディー",
    "5G": "ファイブジー",
    "4G": "フォージー",
}
"""Codes that are not said letter by letter, or not with the Japanese number."""

_MAX_LETTERS = 6
_MIN_CAPITALS = 0.6
_SHOWN = 30
_CODE = re.compile(
    r"(?<![A-Za-z])(?:Wi-Fi|[2-5][DG](?![A-Za-z])|[A-Za-z]+(?:[&.][A-Z])*\.?(?=(?![A-Za-z])))"
)
_ROW_OF_DIGITS = re.compile(r"(?<=[A-Z])-?(\d{3})(?![\d.,:])(?=[^\d万億]|$)")
_HYPHEN = re.compile(r"(?<=[A-Z])-(?=\d)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'.-]*")


def is_letter_code(word: str) -> bool:
    """Tell a code whose letters are named, as NHK, T and IoT, from a word, as Python."""
    letters = [c for c in word if c.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return len(letters) == 1 or (
        len(letters) <= _MAX_LETTERS and capitals >= max(2, _MIN_CAPITALS * len(letters))
    )


def reads_latin(token: str) -> bool:
    """Tell whether a token of Latin letters and digits is said in Japanese: NHK, A4, PM2.5, IoT.

    For whoever parts a text by language: everything else of Latin letters is refused here.
    """
    words = re.findall("[A-Za-z]+", token)
    return token in _WORDS or (bool(words) and all(map(is_letter_code, words)))


def spell_letters(text: str) -> str:
    """Speak codes of letters: NHK, Tシャツ, IoT, A4, O157, 3D, R&B."""

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        if word in _WORDS:
            return _WORDS[word]
        if not is_letter_code(word):
            return word
        return "".join(LETTER_NAMES.get(c.upper(), "アンド" if c == "&" else "") for c in word)

    text = _ROW_OF_DIGITS.sub(lambda match: digit_by_digit(match[1]), text)
    return _CODE.sub(spell, _HYPHEN.sub("", text))


def refuse_words(text: str, written: str) -> None:
    """Pass a text without Latin letters; `written` is what the user wrote.

    Raises:
        TextError: a Latin word is left; names it and its place.
    """
    if found := _LATIN.search(text):
        word = found.group().strip("'.-")
        place = written.find(word)
        where = f" at character {place + 1}" if place >= 0 else ""
        raise TextError(
            f"{word[:_SHOWN]!r}{where} is no Japanese word: write it in katakana, put it into the "
            "lexicon, or give the voice English (en), which reads it as English"
        )
