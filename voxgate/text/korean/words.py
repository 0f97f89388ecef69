"""Words that the regular rules alone do not pronounce, and where they stand in a text.

`data/words.txt` marks the syllable: `'` before a consonant that is tense, `+` where ㄴ comes in,
`/` where a word begins, so that the consonant before it sounds as it does at an end.
`data/sino_tensing.txt` holds the words in which ㄹ tenses the next consonant (section 26).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voxgate.text.korean.morphemes import Morpheme

__all__ = ["Mark", "marked_words", "marks_in"]

_MARK = re.compile("['+/]")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What happens before a syllable; `place` is the syllable's."""

    place: int
    kind: str
    """`'`, `+` or `/`, as in the data."""


@cache
def marked_words() -> Mapping[str, tuple[Mark, ...]]:
    """Return the marks of each word, by places in the word."""
    words = {_MARK.sub("", entry): tuple(_marks(entry)) for entry in _entries("words.txt")}
    for entry in _entries("sino_tensing.txt"):
        words.setdefault(entry, (Mark(place=1, kind="'"),))
    return words


def marks_in(text: str, morphemes: list[Morpheme]) -> list[Mark]:
    """Find the words in the morphemes of one run of hangul without spaces; the longest first.

    A word begins and ends with morphemes, or it is the beginning or the end of a long noun.
    `text` is the whole text that the morphemes' places belong to.
    """
    if not morphemes:
        return []
    words = marked_words()
    begin, end = morphemes[0].start, morphemes[-1].end
    owner = {place: m for m in morphemes for place in range(m.start, m.end)}
    found: list[Mark] = []
    place = begin
    while place < end - 1:
        for length in range(min(_longest(), end - place), 1, -1):
            marks = words.get(text[place : place + length])
            if marks and _stands(place, place + length, owner, marks):
                found += [Mark(place=place + mark.place, kind=mark.kind) for mark in marks]
                place += length - 1
                break
        place += 1
    return found


def _stands(start: int, end: int, owner: Mapping[int, Morpheme], marks: tuple[Mark, ...]) -> bool:
    first, last = owner.get(start), owner.get(end - 1)
    if first is None or last is None or first.particle:
        return False
    opens, closes = first.start == start, last.end == end
    over = {id(owner[place]): owner[place] for place in range(start, end) if place in owner}
    if any(mark.kind != "'" for mark in marks):
        return opens
    if not all(morpheme.nominal for morpheme in over.values()):
        return False
    if opens and closes:
        return True
    long = first is last and first.end - first.start > end - start
    return long and (opens or closes)


def _entries(name: str) -> Iterator[str]:
    text = files("voxgate.text.korean").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from line.split()


def _marks(entry: str) -> Iterator[Mark]:
    place = 0
    for char in entry:
        if _MARK.fullmatch(char):
            yield Mark(place=place, kind=char)
        else:
            place += 1


@cache
def _longest() -> int:
    return max(map(len, marked_words()))
