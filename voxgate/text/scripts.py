"""Which script a character is of, and what a Han character tells about its language.

Kana are Japanese, hangul is Korean, Latin letters are English here; Han characters are shared by
Chinese, Cantonese and Japanese, and most of them tell nothing. What is left are characters that
one national standard has and the others lack, and words of everyday grammar.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

__all__ = ["Script", "han_language", "is_function_word", "script_of"]

Script = Literal["han", "kana", "hangul", "latin", "other"]

_HAN = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
_KANA = ((0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF))
_HALF_WIDTH_KANA = (0xFF66, 0xFF9F)
_HANGUL = ((0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB))
_FULL_WIDTH_LATIN = ((0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
_LAST_LATIN = 0x24F

_CANTONESE = frozenset(
    "嘅咗喺哋唔嗰啲嚟乜冇佢嘢瞓睇咁噉咩㗎喎啩囉嗌攞畀俾揾搵叻曳啱嘥孭掟揸氹𠮶𨋢𡃁晒埋嗮嘞喇嚿惗諗靚"
)
_CHINESE_WORDS = frozenset(
    "我是你您她它们們这這那哪么麼吗嗎呢吧啊的了着很没沒谁誰甚怎为為跟给給让讓把被"
)
_MADE_IN_JAPAN = frozenset("込働畑峠辻匂枠栃躾凪々〆")
_JAPANESE_WORDS = (
    "大丈夫",
    "検索",
    "勉強",
    "素敵",
    "彼女",
    "皆様",
    "御中",
    "残念",
    "乾杯",
    "切符",
    "日本語",
)
"""Words in characters that Chinese has too, and does not say so."""


@cache
def script_of(character: str) -> Script:
    """Return the script of a character; digits, signs and marks are "other"."""
    point = ord(character)
    if _within(point, _HAN) or character in "〇々〆":
        return "han"
    if _within(point, (*_KANA, _HALF_WIDTH_KANA)):
        return "kana"
    if _within(point, _HANGUL):
        return "hangul"
    if (character.isalpha() and point <= _LAST_LATIN and character not in "ªº") or _within(
        point, _FULL_WIDTH_LATIN
    ):
        return "latin"
    return "other"


@cache
def han_language(character: str) -> str | None:
    """Return the only language that writes this Han character in everyday texts, or None.

    A character that Chinese standards (GB 2312, Big5) lack and Shift JIS has is Japanese; one that
    only GB 2312 has is Chinese; Hong Kong's own characters are Cantonese.
    """
    if character in _CANTONESE:
        return "yue"
    if character in _MADE_IN_JAPAN:
        return "ja"
    chinese, taiwanese, japanese = (
        _encodes(character, codec) for codec in ("gb2312", "big5", "shift_jis")
    )
    if japanese and not chinese and not taiwanese:
        return "ja"
    if chinese and not japanese and not taiwanese:
        return "zh"
    if character in _CHINESE_WORDS and not japanese:
        return "zh"
    return None


def is_function_word(character: str) -> bool:
    """Tell whether the character is a word of Chinese grammar, though others may write it too."""
    return character in _CHINESE_WORDS


def has_japanese_word(text: str) -> bool:
    """Tell whether Han characters are a word that Japanese says and Chinese does not."""
    return any(word in text for word in _JAPANESE_WORDS)


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
