"""Katakana as pronounced: its moras, and the phonemes of each.

The phonemes are Open JTalk's, as the tables name them; what they lack is written with what they
have: クォ is k w o, テュ is t y u.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from voxgate.text.front_end import Phones

__all__ = ["TABLE_PHONES", "folded_moras", "kana_phones", "katakana", "moras"]

TABLE_PHONES: Mapping[str, Phones] = {
    "kw": ("k", "w"),
    "gw": ("g", "w"),
    "ty": ("t", "y"),
    "fy": ("f", "y"),
    "vy": ("v", "y"),
    "A": ("a",),
    "E": ("e",),
    "O": ("o",),
}
"""Phonemes of Open JTalk that no table holds, written with those that it does."""

_VOWELS = "aiueo"
_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サ スセソ",
    "z": "ザ ズゼゾ",
    "t": "タ  テト",
    "d": "ダ  デド",
    "n": "ナニヌネノ",
    "h": "ハヒ ヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "y": "ヤ ユ ヨ",
    "w": "ワ    ",
    "sh": " シ   ",
    "ch": " チ   ",
    "j": " ジ   ",
    "ts": "  ツ  ",
    "f": "  フ  ",
    "v": "  ヴ  ",
}
_BEFORE_SMALL_Y = {
    "キ": "ky",
    "ギ": "gy",
    "シ": "sh",
    "ジ": "j",
    "チ": "ch",
    "ヂ": "j",
    "ニ": "ny",
    "ヒ": "hy",
    "ビ": "by",
    "ピ": "py",
    "ミ": "my",
    "リ": "ry",
    "テ": "ty",
    "デ": "dy",
    "ヴ": "by",
}
_BEFORE_SMALL_VOWEL = {
    "キ": ("ky", "ェ"),
    "ギ": ("gy", "ェ"),
    "ビ": ("by", "ェ"),
    "ピ": ("py", "ェ"),
    "ミ": ("my", "ェ"),
    "リ": ("ry", "ェ"),
    "シ": ("sh", "ェ"),
    "ジ": ("j", "ェ"),
    "チ": ("ch", "ェ"),
    "ツ": ("ts", "ァィェォ"),
    "テ": ("t", "ィ"),
    "デ": ("d", "ィ"),
    "ト": ("t", "ゥ"),
    "ド": ("d", "ゥ"),
    "ス": ("s", "ィ"),
    "ズ": ("z", "ィ"),
    "フ": ("f", "ァィェォ"),
    "ヴ": ("v", "ァィェォ"),
    "ウ": ("w", "ィェォ"),
    "イ": ("y", "ェ"),
    "ク": ("kw", "ァィゥェォ"),
    "グ": ("gw", "ァィゥェォ"),
    "ニ": ("ny", "ェ"),
    "ヒ": ("hy", "ェ"),
}
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL_VOWELS = dict(zip("ァィゥェォ", _VOWELS, strict=True))
_SAME_SOUND = str.maketrans("ヂヅヲヰヱ", "ジズオイエ")
_VOWEL_KANA = dict(zip(_VOWELS, "アイウエオ", strict=True))


def _table() -> dict[str, Phones]:
    kana: dict[str, Phones] = {"ン": ("N",), "ッ": ("cl",)}
    for consonant, row in _ROWS.items():
        for character, vowel in zip(row, _VOWELS, strict=False):
            if character != " ":
                kana[character] = (consonant, vowel) if consonant else (vowel,)
    for base, consonant in _BEFORE_SMALL_Y.items():
        kana |= {base + small: (consonant, vowel) for small, vowel in _SMALL_Y.items()}
    for base, (consonant, smalls) in _BEFORE_SMALL_VOWEL.items():
        kana |= {base + small: (consonant, _SMALL_VOWELS[small]) for small in smalls}
    kana |= {small: (vowel,) for small, vowel in _SMALL_VOWELS.items()}
    kana |= {small: ("y", vowel) for small, vowel in _SMALL_Y.items()}
    kana |= {"ヂ": ("j", "i"), "ヅ": ("z", "u"), "ヲ": ("o",), "ヰ": ("i",), "ヱ": ("e",)}
    kana |= {f"ヂ{small}": ("j", vowel) for small, vowel in _SMALL_Y.items()}
    kana |= {"ヮ": ("w", "a"), "クヮ": ("kw", "a"), "グヮ": ("gw", "a"), "フュ": ("fy", "u")}
    kana |= {"シィ": ("s", "i"), "デェ": ("dy", "e")}
    return kana


_KANA = _table()
_MORA = re.compile("|".join(sorted([*_KANA, "ー"], key=len, reverse=True)))


def katakana(text: str) -> str:
    """Return `text` with its hiragana in katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def moras(reading: str) -> tuple[str, ...] | None:
    """Return the moras of katakana as pronounced, or None where a character is none."""
    found = tuple(_MORA.findall(reading))
    return found if found and "".join(found) == reading and found[0] != "ー" else None


def kana_phones(reading: str) -> Phones | None:
    """Return the phonemes of katakana as pronounced, without accent, or None where it is not."""
    found = moras(reading)
    if found is None:
        return None
    phones: list[str] = []
    for mora in found:
        if mora == "ー":
            phones.append(_vowel(phones))
            continue
        for phone in _KANA[mora]:
            phones.extend(TABLE_PHONES.get(phone, (phone,)))
    return tuple(phones)


def folded_moras(reading: str) -> tuple[str, ...]:
    """Return moras of which those that sound the same are the same.

    A long vowel is its vowel once more, however it is written: セイ, セー and セエ give セ, エ.
    """
    folded: list[str] = []
    vowel = ""
    for mora in _MORA.findall(reading):
        unit = mora.translate(_SAME_SOUND)
        if unit == "ー" or (unit == "ウ" and vowel == "o") or (unit == "イ" and vowel == "e"):
            unit = _VOWEL_KANA.get(vowel, "")
        vowel = _KANA[unit][-1] if unit else ""
        if unit:
            folded.append(unit)
    return tuple(folded)


def _vowel(phones: list[str]) -> str:
    return next((phone for phone in reversed(phones) if phone in _VOWELS), "a")
