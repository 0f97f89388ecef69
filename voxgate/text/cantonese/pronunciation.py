"""Pronounce normalised Cantonese: two phones a syllable, one a mark."""

from __future__ import annotations

from voxgate.text.cantonese.lexicon import Lexicon
from voxgate.text.cantonese.phones import phones_of
from voxgate.text.cantonese.readings import Reading, readings
from voxgate.text.front_end import SpokenWord

__all__ = ["pronounce"]


def pronounce(text: str, lexicon: Lexicon) -> tuple[SpokenWord, ...]:
    """Pronounce the words and marks of normalised text; `source` is a `readings.Source`.

    A word is a term of the lexicon, an inline reading, or else one character. It is guessed where
    the tables have no phones for a syllable and the nearest ones stand for it.

    Raises:
        TextError: a character is in no dictionary, or an inline reading is none.
    """
    return tuple(map(_spoken, readings(text, lexicon)))


def _spoken(reading: Reading) -> SpokenWord:
    if reading.source == "mark":
        mark = reading.written
        return SpokenWord(word=mark, phones=(mark,), source="mark", phones_per_character=(1,))
    spoken = [phones_of(syllable) for syllable in reading.syllables]
    counts = tuple(len(phones) for phones, _ in spoken)
    return SpokenWord(
        word=reading.written,
        phones=tuple(phone for phones, _ in spoken for phone in phones),
        source=reading.source,
        guessed=any(near for _, near in spoken),
        # An inline reading of a Latin word need not have a syllable for each letter.
        phones_per_character=counts if len(counts) == len(reading.written) else None,
    )
