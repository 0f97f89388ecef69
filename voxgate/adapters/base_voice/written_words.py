"""Which phones each word of a text has, word for word as it is written.

A front end reads the whole text and may say more or fewer words than are written ("$5" is two), so
the written words are read alone as well and the two readings are matched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.symbols import PUNCTUATION

__all__ = ["WrittenText", "WrittenWord", "read_written"]


@dataclass(frozen=True, kw_only=True)
class WrittenWord:
    """A word between white space, and its phones [`first`, `last`); a mark alone has none."""

    word: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class WrittenText:
    """Phone ids of a text, marks included, and the words that they belong to, in order."""

    phones: tuple[int, ...]
    words: tuple[WrittenWord, ...]


def read_written(text: str, front_end: FrontEnd) -> WrittenText:
    """Read `text` and find the phones of each of its words.

    Words that the front end speaks together are divided evenly among what it says.

    Raises:
        TextError: nothing in it can be spoken, or something cannot be read.
    """
    spoken = front_end.read(text)
    written = text.split()
    places: list[tuple[int, int]] = []
    at = 0
    for word in spoken.words:
        if word.word not in PUNCTUATION:
            places.append((at, at + len(word.phones)))
        at += len(word.phones)
    if not places:
        raise TextError(f"nothing to speak in {text!r}; need at least one word or number")
    heard = [word.word.lower() for word in spoken.words if word.word not in PUNCTUATION]
    owners = _owners(heard, [_alone(word, front_end) for word in written])
    return WrittenText(
        phones=front_end.symbols.ids_of(phone for word in spoken.words for phone in word.phones),
        words=tuple(_ranges(written, owners, places)),
    )


def _alone(word: str, front_end: FrontEnd) -> list[str]:
    """Return what is spoken for a word that stands alone; nothing where that cannot be read."""
    try:
        spoken = front_end.read(word)
    except TextError:
        return []
    return [part.word.lower() for part in spoken.words if part.word not in PUNCTUATION]


def _owners(heard: Sequence[str], alone: Sequence[Sequence[str]]) -> list[int]:
    """Return which written word each spoken word belongs to; never falling."""
    parts = [part for word in alone for part in word]
    owner_of = [index for index, word in enumerate(alone) for _ in word]
    owners: list[int] = []
    matcher = SequenceMatcher(None, parts, heard, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            owners += owner_of[first:last]
        elif kind == "replace":
            span = last - first
            owners += [owner_of[first + n * span // (end - start)] for n in range(end - start)]
        elif kind == "insert":
            neighbour = owner_of[max(0, first - 1)] if owner_of else 0
            owners += [neighbour] * (end - start)
    return owners


def _ranges(
    written: Sequence[str], owners: Sequence[int], places: Sequence[tuple[int, int]]
) -> list[WrittenWord]:
    found = []
    reached = 0
    for index, word in enumerate(written):
        own = [place for place, owner in zip(places, owners, strict=True) if owner == index]
        first, last = (own[0][0], own[-1][1]) if own else (reached, reached)
        found.append(WrittenWord(word=word, first=first, last=last))
        reached = last
    return found
