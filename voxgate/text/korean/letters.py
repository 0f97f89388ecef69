"""Letters that stand alone: ㅋㅋ and ㅠㅠ of chats, names of jamo, Roman numerals."""

from __future__ import annotations

import re
from functools import partial

from voxgate.errors import TextError

__all__ = ["refuse_latin", "speak_letters", "speak_roman_numerals"]

_NAMES = dict(
    zip(
        "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㄲㄸㅃㅆㅉㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣㅐㅒㅔㅖㅘㅙㅚㅝㅞㅟㅢ",
        "기역 니은 디귿 리을 미음 비읍 시옷 이응 지읒 치읓 키읔 티읕 피읖 히읗 쌍기역 쌍디귿 "
        "쌍비읍 쌍시옷 "
        "쌍지읒 아 야 어 여 오 요 우 유 으 이 애 얘 에 예 와 왜 외 워 웨 위 의".split(),
        strict=True,
    )
)
_CHAT = (
    (re.compile("ㅋ+"), "크"),
    (re.compile("ㅎ{2,}"), "흐"),
    (re.compile("[ㅠㅜ]{2,}"), "흑"),
)
_CHAT_WORDS = {
    "ㅇㅇ": "응응",
    "ㄴㄴ": "노노",
    "ㄱㄱ": "고고",
    "ㅇㅋ": "오케이",
    "ㄱㅅ": "감사",
    "ㅊㅋ": "축하",
    "ㅈㅅ": "죄송",
    "ㄷㄷ": "덜덜",
    "ㅂㅂ": "바이바이",
    "ㅅㄱ": "수고",
}
_MOST = 3
"""Of a long laugh so many syllables are said."""

_WORDS = re.compile("|".join(_CHAT_WORDS))
_LETTER = re.compile("[ㄱ-ㅣ]")
_OLD_LETTER = re.compile("[ㅤ-ㆎ]")
_LATIN = re.compile("[A-Za-z]+")
_ROMAN = re.compile(
    r"(?<![A-Za-z])(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?![A-Za-z0-9])(?= ?(?:[장부세편권급형기]"
    r"|단계|차))"
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


def speak_letters(text: str) -> str:
    """Say letters of hangul that stand alone.

    Raises:
        TextError: a letter is not of today's Korean.
    """
    if found := _OLD_LETTER.search(text):
        raise TextError(
            f"{found.group()!r} (U+{ord(found.group()):04X}) at character {found.start() + 1} is "
            f"no "
            "letter of today's Korean: write the word in today's hangul"
        )
    text = re.sub("(?<![ㄱ-ㅣ])(?:" + _WORDS.pattern + ")(?![ㄱ-ㅣ])", _chat_word, text)
    for letters, said in _CHAT:
        text = letters.sub(partial(_laugh, said), text)
    return _LETTER.sub(lambda match: _NAMES.get(match.group(), ""), text)


def _laugh(said: str, match: re.Match[str]) -> str:
    return said * min(len(match.group()), _MOST)


def _chat_word(match: re.Match[str]) -> str:
    return _CHAT_WORDS[match.group()]


def speak_roman_numerals(text: str) -> str:
    """Turn Roman numerals before a Korean counter into digits: 제III장, 리처드 II세."""
    return _ROMAN.sub(_roman, text)


def _roman(match: re.Match[str]) -> str:
    values = [_ROMAN_VALUES[letter] for letter in match["numeral"]]
    if not values:
        return match.group()
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < after else value for value, after in pairs))


def refuse_latin(text: str, *, written: str) -> None:
    """Pass texts without Latin letters.

    Raises:
        TextError: a word is left that only another language reads; names it and its place.
    """
    if found := _LATIN.search(text):
        word = found.group()
        place = written.find(word) + 1
        where = f" at character {place}" if place else ""
        raise TextError(
            f"{word!r}{where} is a word in Latin letters, which Korean does not read: give the "
            f"voice "
            f"English too, or write it in hangul, or {{{word}|its reading in hangul}}"
        )
