"""Pronounce normalised Chinese: sentences → clauses → syllables → phones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from voxgate.text.chinese.lexicon import Lexicon, syllables_of
from voxgate.text.chinese.phones import syllable_phones
from voxgate.text.chinese.phrases import simplified
from voxgate.text.chinese.polyphone_model import PolyphoneModel
from voxgate.text.chinese.reading import Syllable, read_clause
from voxgate.text.front_end import SpokenWord
from voxgate.text.inline_readings import InlineReading, inline_reading_at, lift

__all__ = ["pronounce"]

_PIECE = re.compile(r"[,.!?…]|[^,.!?…]+")
_FULL_WIDTH = str.maketrans(",.!?", "，。！？")
_AROUND = 64
"""So many characters of the sentence on either side tell a network enough."""

_SOURCES = ("single", "model", "rule", "phrase", "user")
"""From the least sure to the surest: a word is as sure as its worst character."""


@dataclass
class _Clause:
    """Characters between marks; a word that has other syllables than characters ends one too."""

    written: str = ""
    spans: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    opaque: InlineReading | None = None


def pronounce(spoken: str, lexicon: Lexicon, model: PolyphoneModel) -> tuple[SpokenWord, ...]:
    """Return the words and marks of a normalised text, in order, with their phones.

    Two phones a character, one a mark; sources are those of `reading.Syllable`.

    Raises:
        TextError: an inline reading is no pinyin.
    """
    lifted, inline = lift(spoken)
    simple = simplified(lifted)
    words: list[SpokenWord] = []
    for match in _PIECE.finditer(simple):
        if match.group() in ",.!?…":
            words.append(_mark(match.group()))
            continue
        before = simple[max(0, match.start() - _AROUND) : match.start()]
        after = simple[match.end() : match.end() + _AROUND]
        around = (_sentence_of(before, last=True), _sentence_of(after, last=False))
        written = lifted[match.start() : match.end()]
        for clause in _clauses(match.group(), written, inline, lexicon):
            words += _read(clause, model, around)
    return tuple(words)


def _mark(mark: str) -> SpokenWord:
    return SpokenWord(word=mark, phones=(mark,), source="mark", phones_per_character=(1,))


def _sentence_of(text: str, *, last: bool) -> str:
    pieces = re.split("[.!?…]", text)
    piece = pieces[-1] if last else pieces[0]
    return re.sub("[\ue000-\uf8ff]", "", piece).translate(_FULL_WIDTH)


def _clauses(
    simple: str, written: str, inline: tuple[InlineReading, ...], lexicon: Lexicon
) -> Iterator[_Clause]:
    """Put inline readings back, and find the user's terms."""
    clause = _Clause()
    terms = (
        {}
        if lexicon.pattern is None
        else {match.start(): match.group() for match in lexicon.pattern.finditer(simple)}
    )
    place = 0
    while place < len(simple):
        term = inline_reading_at(simple[place], inline)
        if term is None and place in terms:
            found = terms[place]
            original = written[place : place + len(found)]
            syllables = lexicon.terms[found]
            place += len(found)
        elif term is not None:
            original, syllables = term.written, syllables_of(term.reading)
            place += 1
        else:
            clause.written += written[place]
            place += 1
            continue
        if len(original) == len(syllables):
            clause.spans.append((len(clause.written), syllables))
            clause.written += original
            continue
        yield clause
        reading = InlineReading(written=original, reading=" ".join(syllables))
        yield _Clause(opaque=reading)
        clause = _Clause()
    yield clause


def _read(clause: _Clause, model: PolyphoneModel, around: tuple[str, str]) -> Iterator[SpokenWord]:
    if clause.opaque is not None:
        yield _opaque(clause.opaque)
    if not clause.written:
        return
    words, syllables = read_clause(
        simplified(clause.written), spans=clause.spans, model=model, around=around
    )
    place = 0
    for word in words:
        size = len(word.text)
        yield _word(clause.written[place : place + size], syllables[place : place + size])
        place += size


def _word(written: str, syllables: Sequence[Syllable]) -> SpokenWord:
    return SpokenWord(
        word=written,
        phones=tuple(phone for said in syllables for phone in syllable_phones(said.pinyin)),
        source=_source(syllables),
        guessed=any(said.guessed for said in syllables),
        phones_per_character=(2,) * len(written),
    )


def _source(syllables: Sequence[Syllable]) -> str:
    """Return the least sure way; characters with but one reading have no say beside others."""
    ways = [said.source for said in syllables if said.guessed or said.source != "single"]
    return min(ways, key=_SOURCES.index) if ways else "single"


def _opaque(term: InlineReading) -> SpokenWord:
    """Say a word such as GPT by its syllables, which are shared out among its characters."""
    phones = tuple(p for pinyin in syllables_of(term.reading) for p in syllable_phones(pinyin))
    share, rest = divmod(len(phones), len(term.written))
    return SpokenWord(
        word=term.written,
        phones=phones,
        source="user",
        phones_per_character=tuple(share + (place < rest) for place in range(len(term.written))),
    )
