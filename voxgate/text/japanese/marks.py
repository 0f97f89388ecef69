"""The marks that are left: pauses, and breaks that the checkpoints were trained to hear."""

from __future__ import annotations

import re

from voxgate.text.symbols import PUNCTUATION

__all__ = ["BREAKS", "fold_marks", "is_speakable", "speak_circles", "tidy"]

BREAKS = frozenset("「」（）〜")
"""Brackets and the wave had no symbol in training and became `UNK`: a slight break."""

_PAUSES = {
    "。": ".",
    "、": ",",
    ";": ",",
    ":": ",",
    "―": "-",
}
_POINTS = re.compile(r"\.{2,}|。{2,}|・{2,}|…+")
_SAME = re.compile(r"([!?])\1{2,}")
_COMMAS = re.compile(r"(?:[,]\s*){2,}")
_WEAK = re.compile(r"\s*[,](?=\s*[.!?…])|(?<=[.!?…,])\s*[,](?=\s*\S)")
_CIRCLE_DATES = re.compile(r"(?<![一二三四五六七八九十百千〇\d])〇{1,2}([月日])(?![時程付])")
_BULLET = re.compile(r"^〇(?=[^\s〇月年分番人個])", re.MULTILINE)
_CIRCLES = re.compile(r"(?<![一二三四五六七八九十百千〇\d])〇+(?![一二三四五六七八九〇\d])")
_LINES = re.compile(r"\s*\n\s*")
_MARKED_LINE = re.compile(r"(?<=[,.!?…-])\n|\n(?=[,.!?…])")
_DASHES = re.compile(r"\s*-{1,}\s*")
_POINT_OF_NAMES = re.compile(r"\s*・\s*")
_LEADING = re.compile(r"^[\s,.・-]+(?=.*\w)")
_FINAL_COMMAS = re.compile(r"[\s,・]+$")
_AROUND_MARKS = re.compile(r"\s+(?=[,.!?…」）〜-])|(?<=[,.!?…「（〜」）-])\s+")
_SPACES = re.compile(r"[ \t]+")
_SILENT = re.compile(r"['_゛゜]")
_LONG_WITHOUT_VOWEL = re.compile(r"(?<![ぁ-ゖァ-ヺー一-鿿々\ue000-\uf8ff])ー+")
_LONG = re.compile("ー{4,}")
_EMPTY_BRACKETS = re.compile(r"「\s*」|（\s*）")
_SPEAKABLE = re.compile(r"[^\W_]")


def speak_circles(text: str) -> str:
    """Speak 〇 where it is no zero, as in 〇月〇日; before a line it is an ornament."""
    text = _CIRCLE_DATES.sub(lambda m: {"月": "マルガツ", "日": "マルニチ"}[m[1]], text)
    return _CIRCLES.sub(lambda m: "マル" * len(m.group()), _BULLET.sub("", text))


def fold_marks(text: str) -> str:
    """Write every mark as one of `, . ! ? … -`, or as one of `BREAKS`."""
    text = _POINTS.sub("…", text.replace("｡", "。"))
    text = "".join(_PAUSES.get(character, character) for character in text)
    text = _LONG.sub("ーーー", _LONG_WITHOUT_VOWEL.sub("-", text))
    return _SAME.sub(r"\1\1", _SILENT.sub("", text))


def tidy(text: str) -> str:
    """Leave one space between words at most, none beside marks, and no mark where none is heard."""
    text = _LINES.sub("\n", text.strip())
    text = _MARKED_LINE.sub("", text).replace("\n", ".")
    while (shorter := _EMPTY_BRACKETS.sub("", text)) != text:
        text = shorter
    text = _DASHES.sub("-", text)
    text = _POINT_OF_NAMES.sub("・", text)
    text = _COMMAS.sub(",", text)
    text = _WEAK.sub("", text)
    text = _SPACES.sub(" ", _AROUND_MARKS.sub("", text))
    text = _LEADING.sub("", text)
    return _FINAL_COMMAS.sub("", text).strip() if text.rstrip()[-1:] == "・" else text.strip()


def is_speakable(text: str) -> bool:
    """Tell whether anything but marks is in a text."""
    return bool(_SPEAKABLE.search("".join(c for c in text if c not in PUNCTUATION)))
