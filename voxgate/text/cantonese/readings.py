"""Read normalised Cantonese in syllables: from the user's terms down to the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voxgate.errors import TextError
from voxgate.text.cantonese.characters import HAN
from voxgate.text.cantonese.contexts import reading_in_context
from voxgate.text.cantonese.dictionary import dictionary_readings
from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.syllables import (
    Syllable,
    parse_syllable,
    parse_syllables,
    syllables_fault,
)
from voxgate.text.inline_readings import InlineReading, inline_reading_at, lift
from voxgate.text.symbols import PUNCTUATION

__all__ = ["Reading", "Source", "readings"]

Source = Literal["inline", "user", "rule", "dictionary", "mark"]
"""How it was found, from the surest: in the text, in the lexicon, by a rule of contexts, …"""

_MARK = re.compile("([,.!?…-])")
_HAN_ONLY = re.compile(f"{HAN}+")
_AROUND = 5


@dataclass(frozen=True)
class Reading:
    """A term, an inline reading, one character, or a mark, which has no syllables."""

    written: str
    syllables: tuple[Syllable, ...]
    source: Source


def readings(text: str, lexicon: Lexicon) -> tuple[Reading, ...]:
    """Read normalised text.

    Raises:
        TextError: a character is in no dictionary, or an inline reading is none.
    """
    lifted, inline = lift(text)
    found: list[Reading] = []
    for piece in _MARK.split(lifted):
        if piece in PUNCTUATION:
            found.append(Reading(piece, (), "mark"))
        else:
            found.extend(_clause("".join(piece.split()), inline, lexicon))
    return tuple(found)


def _clause(clause: str, inline: tuple[InlineReading, ...], lexicon: Lexicon) -> Iterator[Reading]:
    looked_up = dictionary_readings(clause)
    place = 0
    for part, syllables in lexicon.parts(clause):
        if syllables:
            yield Reading(part, syllables, "user")
        else:
            for at in range(place, place + len(part)):
                yield _character(clause, at, looked_up[at], inline)
        place += len(part)


def _character(
    clause: str, place: int, looked_up: str | None, inline: tuple[InlineReading, ...]
) -> Reading:
    character = clause[place]
    if said := inline_reading_at(character, inline):
        return _inline(said)
    if in_context := reading_in_context(clause, place):
        return Reading(character, (parse_syllable(in_context),), "rule")
    if looked_up is None:
        around = clause[max(0, place - _AROUND) : place + _AROUND + 1]
        raise TextError(
            f"{character!r} (U+{ord(character):04X}) in {around!r} has no reading in the "
            f"dictionary of Cantonese; give it one in the text, {{{character}|jyutping}}, or in "
            "the user lexicon"
        )
    return Reading(character, (parse_syllable(looked_up),), "dictionary")


def _inline(said: InlineReading) -> Reading:
    if _HAN_ONLY.fullmatch(said.written) and (fault := syllables_fault(said.written, said.reading)):
        raise TextError(f"the reading in {said}: {fault}")
    return Reading(said.written, parse_syllables(said.reading), "inline")
