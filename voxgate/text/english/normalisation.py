"""Turn written English into the words that are spoken."""

from __future__ import annotations

import re

from voxgate.text.english.abbreviations import expand_abbreviations, expand_roman_numerals
from voxgate.text.english.addresses import speak_addresses
from voxgate.text.english.characters import plain_characters
from voxgate.text.english.codes import speak_codes
from voxgate.text.english.dates import speak_dates, speak_times, speak_years
from voxgate.text.english.letters import spell_acronyms, split_mixed_words
from voxgate.text.english.marks import speak_signs, tidy
from voxgate.text.english.quantities import (
    speak_money,
    speak_numbers,
    speak_ordinals,
    speak_units,
)

__all__ = ["normalise"]

_RULES = (
    speak_addresses,
    speak_dates,
    speak_times,
    expand_abbreviations,
    speak_codes,
    speak_money,
    speak_units,
    speak_years,
    speak_ordinals,
    expand_roman_numerals,
    split_mixed_words,
    speak_numbers,
    speak_signs,
    spell_acronyms,
    tidy,
)
"""From the most specific writing to the least; each rule sees what the earlier ones left."""

_MAX_ROUNDS = 5
"""A rule may uncover what an earlier one reads ("5Inc." is first parted, then written out)."""

_SPEAKABLE = re.compile("[A-Za-z]")


def normalise(text: str) -> str:
    """Return `text` as it is spoken: letters, apostrophes, hyphens, spaces and `, . ! ? - …` only.

    Acronyms come out as single capital letters ("A P I"). Applying it twice changes nothing.
    A text with nothing speakable comes out as "".

    Raises:
        TextError: the text has letters of another script.
    """
    text = plain_characters(text)
    for _ in range(_MAX_ROUNDS):
        before = text
        for rule in _RULES:
            text = rule(text)
        if text == before:
            break
    return text if _SPEAKABLE.search(text) else ""
