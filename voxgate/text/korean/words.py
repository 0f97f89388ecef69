"""Words that the regular rules alone do not pronounce, and where they stand in a text.

`data/words.txt` marks the syllable: `'` before a consonant that is tense, `+` where ㄴ comes in,
`/` where a word begins, so that the consonant before it sounds as it does at an end.
`data/sino_tensing.txt` holds the words in which ㄹ tenses the next consonant (section 26), and
`data/sino_stems.txt` those behind which a suffix is tense.
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
_SUFFIXES = frozenset("자적성증점서")
_STEM = 2
"""Syllables of the words before those suffixes."""


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
    owner = {place: m for m in _parted(morphemes) for place in range(m.start, m.end)}
    found = _suffix_marks(text, end, owner)
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


def _parted(morphemes: list[Morpheme]) -> Iterator[Morpheme]:
    """Take compound nouns apart where each part is written in full."""
    for morpheme in morphemes:
        start = morpheme.start
        if len("".join(morpheme.parts)) != morpheme.end - start:
            yield morpheme
            continue
        for part, tag in zip(morpheme.parts, morpheme.tags, strict=False):
            yield Morpheme(start=start, end=start + len(part), tags=(tag,), parts=(part,))
            start += len(part)


def _stands(start: int, end: int, owner: Mapping[int, Morpheme], marks: tuple[Mark, ...]) -> bool:
    first, last = owner.get(start), owner.get(end - 1)
    if first is None or last is None or first.particle or last.particle:
        return False
    opens, closes = first.start == start, last.end == end
    if any(mark.kind != "'" for mark in marks):
        return opens and (closes or first is last)
    over = {id(owner[place]): owner[place] for place in range(start, end) if place in owner}
    if not all(morpheme.nominal for morpheme in over.values()):
        return False
    if opens and closes:
        return True
    longer = first.end - first.start - (end - start) if first is last else 0
    return longer > 0 and (opens or (closes and longer > 1))


def _suffix_marks(text: str, end: int, owner: Mapping[int, Morpheme]) -> list[Mark]:
    """Find 기술자, 현실적: a suffix behind a Sino-Korean word in ㄹ."""
    return [
        Mark(place=place, kind="'")
        for place in range(min(owner, default=end) + _STEM, end)
        if text[place] in _SUFFIXES
        and text[place - _STEM : place] in _sino_stems()
        and all(p in owner and owner[p].nominal for p in range(place - _STEM, place + 1))
        and owner[place].end == place + 1
        and owner[place - _STEM].start == place - _STEM
    ]


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
def _sino_stems() -> frozenset[str]:
    return frozenset(_entries("sino_stems.txt"))


@cache
def _longest() -> int:
    return max(map(len, marked_words()))
