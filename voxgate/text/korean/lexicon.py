"""The user's own words: how they are pronounced, in hangul as it sounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.errors import TextError
from voxgate.text.inline_readings import InlineReading
from voxgate.text.korean.morphemes import morphemes_of
from voxgate.text.korean.syllables import is_hangul
from voxgate.text.term_lines import Term, read_terms

__all__ = ["Lexicon", "Place", "check_inline", "load_lexicon"]

_WRITTEN = re.compile("[가-힣]+")
_READING = re.compile("[가-힣]+")
_PARTICLE = re.compile(
    "(?:이|가|을|를|은|는|의|에|로|으로|와|과|도|만|랑|이랑|하고|한테|께|에서|에게|부터|까지|보다"
    "|처럼|마다|마저|조차|"
    "밖에|뿐|이나|나|라|이라|이다|입니다|예요|이에요|이고|인|였|이었|님|씨|들|아|야)"
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a term stands, and how it is read."""

    written: str
    reading: str


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Words of the user by how they are written; readings are hangul as pronounced."""

    terms: Mapping[str, str] = field(default_factory=dict)

    def places_in(self, text: str) -> dict[int, Place]:
        """Find the terms in a normalised text, the longest first.

        A term begins where a word or a morpheme begins, and ends where one does or before a
        particle: 대한 is not found in 대한민국.
        """
        if not self.terms or not any(written in text for written in self.terms):
            return {}
        morphemes = morphemes_of(text)
        starts, ends = {m.start for m in morphemes}, {m.end for m in morphemes}
        found: dict[int, Place] = {}
        taken: set[int] = set()
        for written in sorted(self.terms, key=len, reverse=True):
            for match in re.finditer(re.escape(written), text):
                places = range(match.start(), match.end())
                opens = _outside(text, match.start() - 1) or match.start() in starts
                closes = (
                    _outside(text, match.end())
                    or match.end() in ends
                    or (len(written) > 1 and _PARTICLE.match(text, match.end()))
                )
                if opens and closes and taken.isdisjoint(places):
                    found[match.start()] = Place(written=written, reading=self.terms[written])
                    taken.update(places)
        return found


def _outside(text: str, place: int) -> bool:
    return not 0 <= place < len(text) or not is_hangul(text[place])


def load_lexicon(path: Path | None) -> Lexicon:
    """Read lines `written<TAB>reading`, both in hangul: `문법<TAB>문뻡`.

    Raises:
        ConfigError: lines are broken; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    if path is None:
        return Lexicon()
    return Lexicon(terms={t.written: t.reading for t in read_terms(path, check=_fault)})


def check_inline(readings: tuple[InlineReading, ...]) -> None:
    """Pass inline readings that are hangul.

    Raises:
        TextError: one is not; names it.
    """
    for reading in readings:
        if not _READING.fullmatch(reading.reading):
            raise TextError(f"{reading}: {_expected(reading.reading)}")


def _fault(term: Term) -> str | None:
    if not _WRITTEN.fullmatch(term.written):
        return (
            f"{term.written!r}: need one word of whole syllables of hangul (numbers as they are "
            "spoken; words in Latin letters belong into the lexicon of English)"
        )
    if not _READING.fullmatch(term.reading):
        return f"{term.written!r}: {_expected(term.reading)}"
    return None


def _expected(reading: str) -> str:
    return (
        f"the reading {reading!r} is not hangul; need whole syllables, written as they sound and "
        "without spaces, as 문뻡 for 문법"
    )
