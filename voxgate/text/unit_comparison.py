"""Compare texts by what is heard of each language in them: syllables, kana, characters or words.

Homophones are the same units, so that how a recogniser writes what it heard is no error. Both texts
go through one front end, and a wrong reading cancels out: this judges how a voice speaks, not how
the front end reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Protocol

from voxgate.errors import TextError
from voxgate.text.inline_readings import without_readings
from voxgate.text.scripts import script_of

__all__ = ["Compared", "Span", "UnitRules", "compare_by_units"]

_REMEMBERED = 4096
"""Texts: a benchmark's prompts and what was heard of them, many times over."""

_TONE = re.compile(r"\d$")
_PARTED = ("han", "kana", "hangul")
"""Scripts whose characters are syllables or near it: each is a unit where it cannot be read."""


class Span(Protocol):
    """A part of a text in one language, as it is spoken."""

    @property
    def language(self) -> str:
        """Its code."""
        ...

    @property
    def text(self) -> str:
        """The normalised text."""
        ...


@dataclass(frozen=True, kw_only=True)
class UnitRules:
    """What a language gives to the comparison, of normalised text without marks.

    `sounds` are the units that are counted, `written` the characters in one writing. Where
    `has_tones`, a sound ends in the digit of its tone.
    """

    sounds: Callable[[str], tuple[str, ...]]
    written: Callable[[str], tuple[str, ...]]
    has_tones: bool = False


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A text in the forms in which two are compared; units are parted by spaces.

    `toneless` has the units of `sounds` one by one, without tones. `languages` are those whose
    words could be read in it.
    """

    sounds: str
    toneless: str
    written: str
    languages: frozenset[str]


@dataclass
class _Units:
    sounds: list[str] = field(default_factory=list)
    toneless: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)

    def add(self, other: _Units) -> None:
        self.sounds += other.sounds
        self.toneless += other.toneless
        self.written += other.written
        self.languages |= other.languages


def compare_by_units(
    spans: Callable[[str], Sequence[Span]], rules_of: Callable[[str], UnitRules]
) -> Callable[[str], Compared]:
    """Return what brings any text, written or heard, to the units that are compared.

    What the front ends cannot read counts as it would be heard: each character of Chinese,
    Japanese or Korean writing is a unit, and every other word is one. It matches nothing that can
    be spoken, and is never nothing.

    Args:
        spans: parts a text by language and normalises each part; raises TextError where something
            cannot be read.
        rules_of: the rules of a language.
    """
    reader = _Reader(spans, rules_of)

    @lru_cache(maxsize=_REMEMBERED)
    def compared(text: str) -> Compared:
        units = reader.units(without_readings(text))
        return Compared(
            sounds=" ".join(units.sounds),
            toneless=" ".join(units.toneless),
            written="".join(units.written),
            languages=frozenset(units.languages),
        )

    return compared


@dataclass(frozen=True)
class _Reader:
    spans: Callable[[str], Sequence[Span]]
    rules_of: Callable[[str], UnitRules]

    def units(self, text: str) -> _Units:
        """Read the text in pieces as long as can be, and count what is left as it stands."""
        found = self._read(text)
        if found is not None:
            return found
        return self._joined(list(_words(text)), self._characters)

    def _characters(self, word: str) -> _Units:
        if script_of(word[0]) not in _PARTED:
            return _raw(_bare(word))
        return self._joined(list(word), _raw)

    def _joined(self, pieces: list[str], unread: Callable[[str], _Units]) -> _Units:
        """Read neighbours that can be read together, so that each keeps its context."""
        units = _Units()
        readable = ((piece, self._read(piece) is not None) for piece in pieces)
        for can_be_read, group in groupby(readable, key=lambda pair: pair[1]):
            run = [piece for piece, _ in group]
            if can_be_read and (together := self._read("".join(run))) is not None:
                units.add(together)
                continue
            for piece in run:
                units.add((self._read(piece) if can_be_read else None) or unread(piece))
        return units

    def _read(self, text: str) -> _Units | None:
        units = _Units()
        try:
            for span in self.spans(text):
                rules = self.rules_of(span.language)
                sounds = rules.sounds(span.text)
                units.sounds += sounds
                units.toneless += (
                    [_TONE.sub("", sound) for sound in sounds] if rules.has_tones else sounds
                )
                units.written += rules.written(span.text)
                units.languages.add(span.language)
        except TextError:
            return None
        return units


def _words(text: str) -> Iterator[str]:
    """Part a text at spaces and where the kind of writing changes; spaces stay with a word."""
    kinds = ((character, _kind(character)) for character in text)
    words: list[str] = []
    for kind, group in groupby(kinds, key=lambda pair: pair[1]):
        piece = "".join(character for character, _ in group)
        if kind == "space" and words:
            words[-1] += piece
        elif kind != "space":
            words.append(piece)
    yield from words


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    script = script_of(character)
    # Japanese words are written in both, and are read by what stands beside them.
    return "han" if script == "kana" else script if script in _PARTED else "word"


def _raw(unit: str) -> _Units:
    if unit.isspace():
        return _Units()
    return _Units([unit], [unit], [unit])


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold())) or "?"
