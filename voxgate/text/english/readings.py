"""Readings inside an English text: `{Siobhan|SH AH0 V AO1 N}`.

While rules run, each stands there as a word that no rule knows; so "the" before it still hears
whether a vowel follows.
"""

from __future__ import annotations

import re
from dataclasses import replace

from voxgate.errors import TextError
from voxgate.text.english.lexicon import Lexicon
from voxgate.text.english.pronunciation import pronounce
from voxgate.text.front_end import Phones, SpokenWord
from voxgate.text.inline_readings import FIRST_PLACE, InlineReading, lift, lower
from voxgate.text.symbols import PUNCTUATION, SymbolTable

__all__ = ["name_readings", "pronounce_readings", "restore_readings"]

_NAME = re.compile(r"\bqzj([a-j]+)qzj\b")
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_DIGITS = str.maketrans("abcdefghij", "0123456789")


def name_readings(text: str) -> tuple[str, tuple[InlineReading, ...]]:
    """Return the text with a word of its own for each reading, and the readings in order.

    Raises:
        TextError: the text has private-use characters.
    """
    if "{" not in text:
        return text, ()
    lifted, readings = lift(text)
    for index in range(len(readings)):
        place = chr(FIRST_PLACE + index)
        lifted = re.sub(rf"(?<=[\w.,!?]){place}", f" {place}", lifted)
        lifted = re.sub(rf"{place}(?=\w)", f"{place} ", lifted).replace(place, _name(index))
    return lifted, readings


def restore_readings(text: str, readings: tuple[InlineReading, ...]) -> str:
    """Write the readings back into a normalised text."""
    if not readings:
        return text
    return lower(_NAME.sub(lambda match: chr(FIRST_PLACE + _index(match)), text), readings)


def pronounce_readings(
    normalised: str,
    lexicon: Lexicon,
    readings: tuple[InlineReading, ...],
    symbols: SymbolTable,
) -> tuple[SpokenWord, ...]:
    """Pronounce a normalised text that has a word for each reading.

    Raises:
        TextError: a reading is no ARPAbet.
    """
    if not readings:
        return pronounce(normalised, lexicon)
    own = {_name(index): _phones(reading, symbols) for index, reading in enumerate(readings)}
    words = pronounce(normalised, replace(lexicon, user={**lexicon.user, **own}))
    return tuple(
        replace(
            word,
            word=_NAME.sub(lambda name: readings[_index(name)].written, word.word),
            source="inline",
        )
        if _NAME.search(word.word)
        else word
        for word in words
    )


def _name(index: int) -> str:
    return f"qzj{str(index).translate(_LETTERS)}qzj"


def _index(name: re.Match[str]) -> int:
    return int(name[1].translate(_DIGITS))


def _phones(reading: InlineReading, symbols: SymbolTable) -> Phones:
    phones = tuple(reading.reading.upper().split())
    unknown = [phone for phone in phones if phone not in symbols or phone in PUNCTUATION]
    if unknown:
        raise TextError(
            f"the reading {reading}: unknown phonemes {', '.join(unknown)}; need ARPAbet, as AH0"
        )
    return phones
