"""Words that are written alike and read differently, told apart by what stands beside them.

The dictionary takes the most likely word; where the words around say otherwise, the word is written
in kana before it is looked up, so that its accent still comes from the dictionary. Only what is
sure is listed (`data/homographs.tsv`): the rest is for the user's lexicon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voxgate.text.japanese.numerals import numerals_to_digits

__all__ = ["Homograph", "homographs", "write_out"]

_RARE = str.maketrans(
    "嗤哂訊聽觀軀體國學會淚泪𠮷髙﨑德濵邊邉齋剝𠮟塡頰噓蟬摑繫瘦啞",
    "笑笑聞聴観体体国学会涙涙吉高崎徳浜辺辺斎剥叱填頬嘘蝉掴繋痩唖",
)
"""Variants that the dictionary does not know in every word, and those that it does."""

_PEOPLE = (
    (re.compile(r"(?<![\d一二三四五六七八九十百])[二2]人組"), "ふたりぐみ"),
    (re.compile(r"(?<![\d一二三四五六七八九十百])[一1]人組"), "ひとりぐみ"),
)


@dataclass(frozen=True)
class Homograph:
    """A word, what stands before and behind it, and how it is written out."""

    pattern: re.Pattern[str]
    written_out: str
    example: str
    reading: str
    """Of the example, as pronounced."""


@cache
def homographs() -> tuple[Homograph, ...]:
    """Read the table that ships with the package."""
    table = files("voxgate.text.japanese").joinpath("data", "homographs.tsv")
    rows = (
        line.split("\t")
        for line in table.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
    return tuple(
        Homograph(_pattern(before, word, after), written_out, example, reading)
        for before, word, after, written_out, example, reading in rows
    )


def write_out(text: str) -> str:
    """Return `text` as it is looked up, with words in kana that their neighbours tell apart."""
    text = numerals_to_digits(text.translate(_RARE))
    for pattern, written_out in _PEOPLE:
        text = pattern.sub(written_out, text)
    for homograph in homographs():
        text = homograph.pattern.sub(homograph.written_out, text)
    return text


def _pattern(before: str, word: str, after: str) -> re.Pattern[str]:
    """Look behind for alternatives one by one: each has a length of its own.

    Where nothing is asked of what stands before it, the word is no end of a longer one.
    """
    behind = "|".join(f"(?<={re.escape(words)})" for words in before.split("|") if words)
    return re.compile(f"(?:{behind or '(?<![一-鿿々])'}){re.escape(word)}(?={after})")
