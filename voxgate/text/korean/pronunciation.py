"""From normalised Korean to phones: morphemes, the list of words, then the regular rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from voxgate.text.front_end import Phones, SpokenWord
from voxgate.text.inline_readings import InlineReading, inline_reading_at
from voxgate.text.korean.lexicon import Lexicon, Place
from voxgate.text.korean.marks import STOP_MARKS
from voxgate.text.korean.morphemes import Morpheme, morphemes_of
from voxgate.text.korean.morphology import mark_morphology
from voxgate.text.korean.sound_changes import pronounce_syllables
from voxgate.text.korean.syllables import SPACE, STOP, Border, Syllable, is_hangul, phones_of, split
from voxgate.text.symbols import PUNCTUATION

__all__ = ["pronounce"]

_PIECE = re.compile(r"[^\s,.!?…\"()~-]+|[^\S ]| |[,.!?…\"()~-]")
_PHRASE_ENDS = frozenset(',.!?…-"()~')
_STAND_INS = {"": "나무", "ㄹ": "건물"}
_CLOSED_STAND_IN = "선생"


@dataclass(slots=True, kw_only=True)
class _Text:
    """What is analysed: nouns stand in for words whose reading is given."""

    analysed: str = ""
    syllables: dict[int, list[Syllable]] = field(default_factory=dict)
    """By places in `analysed`; all syllables of a given reading are at its first place."""

    ends: dict[int, Syllable] = field(default_factory=dict)
    """The last syllable of a given reading, at the last place of its stand-in."""

    words: list[tuple[str, int, int, str | None]] = field(default_factory=list)
    """What is written, its places in `analysed`, and whose reading it has, if it is given."""


def pronounce(
    spoken: str, readings: Sequence[InlineReading], lexicon: Lexicon
) -> tuple[SpokenWord, ...]:
    """Pronounce a normalised text; inline readings are private-use characters in it.

    A word is what stands between spaces. A space is a word too, with the phone `空`.
    """
    text = _prepare(spoken, readings, lexicon)
    morphemes = morphemes_of(text.analysed)
    named = _apply_rules(text, morphemes)
    unknown = {place for m in morphemes if "UNKNOWN" in m.tags for place in range(m.start, m.end)}
    return tuple(_spoken_words(text, named, unknown))


def _prepare(spoken: str, readings: Sequence[InlineReading], lexicon: Lexicon) -> _Text:
    terms = lexicon.places_in(spoken)
    text = _Text()
    for match in _PIECE.finditer(spoken):
        _add_piece(text, match.group(), match.start(), readings, terms)
    return text


def _add_piece(
    text: _Text,
    piece: str,
    offset: int,
    readings: Sequence[InlineReading],
    terms: Mapping[int, Place],
) -> None:
    start, written, source = len(text.analysed), "", None
    place = 0
    while place < len(piece):
        char = piece[place]
        inline = inline_reading_at(char, tuple(readings))
        term = terms.get(offset + place)
        if inline is not None:
            _stand_in(text, inline.reading)
            written, source, place = written + inline.written, "inline", place + 1
        elif term is not None and place + len(term.written) <= len(piece):
            _stand_in(text, term.reading)
            written, source = written + term.written, source or "user"
            place += len(term.written)
        else:
            if is_hangul(char):
                text.syllables[len(text.analysed)] = [split(char)]
            text.analysed += char
            written, place = written + char, place + 1
    text.words.append((written, start, len(text.analysed), source))


def _stand_in(text: _Text, reading: str) -> None:
    syllables = [split(char) for char in reading if is_hangul(char)]
    for syllable in syllables[:-1]:
        syllable.fixed = True
    noun = _STAND_INS.get(syllables[-1].tail, _CLOSED_STAND_IN)
    text.syllables[len(text.analysed)] = syllables
    text.ends[len(text.analysed) + len(noun) - 1] = syllables[-1]
    text.analysed += noun


def _apply_rules(text: _Text, morphemes: Sequence[Morpheme]) -> frozenset[int]:
    """Apply all rules phrase by phrase; return the places that the list of words names."""
    by_place = {place: group[0] for place, group in text.syllables.items()} | text.ends
    for place, syllable in by_place.items():
        if text.analysed[place + 1 : place + 2] == " " and (
            place in text.ends or len(text.syllables.get(place, ())) == 1
        ):
            syllable.border = Border.SPACE
    named = mark_morphology(text.analysed, morphemes, by_place)
    phrase: list[Syllable] = []
    for place, char in enumerate(text.analysed):
        if char in _PHRASE_ENDS:
            pronounce_syllables(phrase)
            phrase = []
        phrase += text.syllables.get(place, ())
    pronounce_syllables(phrase)
    return named


def _spoken_words(text: _Text, named: frozenset[int], unknown: set[int]) -> Iterator[SpokenWord]:
    for written, start, end, source in text.words:
        if written in PUNCTUATION:
            yield SpokenWord(word=written, phones=(written,), source="mark")
        elif written in STOP_MARKS:
            yield SpokenWord(word=written, phones=(STOP,), source="mark")
        elif written == " ":
            yield SpokenWord(word=written, phones=(SPACE,), source="space")
        else:
            places = range(start, end)
            listed = any(place in named for place in places)
            yield SpokenWord(
                word=written,
                phones=_phones(text, places),
                source=source or ("list" if listed else "rules"),
                guessed=source is None and any(place in unknown for place in places),
            )


def _phones(text: _Text, places: range) -> Phones:
    return tuple(
        phone
        for place in places
        for syllable in text.syllables.get(place, ())
        for phone in phones_of(syllable)
    )
