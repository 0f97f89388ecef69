"""Turn written English into the words that are spoken."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from voxgate.text.english.abbreviations import expand_abbreviations
from voxgate.text.english.addresses import speak_addresses
from voxgate.text.english.arithmetic import speak_comparisons, speak_powers, speak_subtractions
from voxgate.text.english.characters import plain_characters
from voxgate.text.english.clock import speak_times
from voxgate.text.english.codes import speak_codes, speak_labelled_codes
from voxgate.text.english.dates import speak_dates
from voxgate.text.english.digit_groups import join_digit_groups, refuse_endless_numbers
from voxgate.text.english.fractions import speak_fractions, speak_ranges
from voxgate.text.english.letters import spell_acronyms, split_mixed_words
from voxgate.text.english.marks import speak_signs, tidy
from voxgate.text.english.markup import strip_markup
from voxgate.text.english.measures import speak_units
from voxgate.text.english.money import speak_money
from voxgate.text.english.places import speak_places
from voxgate.text.english.quantities import speak_numbering, speak_numbers, speak_ordinals
from voxgate.text.english.roman_numerals import expand_roman_numerals
from voxgate.text.english.years import speak_years

__all__ = ["normalise"]

_Rule = Callable[[str], str]

_BEFORE_DATES: tuple[_Rule, ...] = (
    join_digit_groups,
    speak_addresses,
    speak_labelled_codes,
)
_AFTER_DATES: tuple[_Rule, ...] = (
    speak_times,
    speak_places,
    speak_codes,
    speak_numbering,
    speak_powers,
    speak_subtractions,
    speak_money,
    speak_units,
    expand_abbreviations,
    speak_years,
    speak_ordinals,
    expand_roman_numerals,
    speak_fractions,
    speak_ranges,
    speak_comparisons,
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


def normalise(text: str, *, day_first: bool = False) -> str:
    """Return `text` as it is spoken: letters, apostrophes, hyphens, spaces and `, . ! ? - …` only.

    Acronyms come out as single capital letters ("A P I"). Applying it twice changes nothing.
    A text with nothing speakable comes out as "". With `day_first`, 3/4/2024 is April third
    instead of March fourth.

    Raises:
        TextError: the text has letters of another script, a sign without a reading, or a number
            of more than 1,000 digits.
    """
    text = plain_characters(strip_markup(text))
    refuse_endless_numbers(text)
    dates: _Rule = partial(speak_dates, day_first=day_first)
    rules = (*_BEFORE_DATES, dates, *_AFTER_DATES)
    for _ in range(_MAX_ROUNDS):
        before = text
        for rule in rules:
            text = rule(text)
        if text == before:
            break
    return text if _SPEAKABLE.search(text) else ""
