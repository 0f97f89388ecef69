"""Turn written Japanese into what is spoken."""

from __future__ import annotations

import re
from collections.abc import Callable

from voxgate.text.japanese.characters import plain_characters
from voxgate.text.japanese.dates import speak_dates, speak_telephones, speak_times
from voxgate.text.japanese.letters import refuse_words, spell_letters
from voxgate.text.japanese.marks import fold_marks, is_speakable, speak_circles, tidy
from voxgate.text.japanese.numbers import join_thousands, refuse_endless
from voxgate.text.japanese.places import LiftedText
from voxgate.text.japanese.quantities import speak_money, speak_units
from voxgate.text.japanese.ranges import (
    speak_fractions,
    speak_pairs,
    speak_ranges,
    speak_scores,
    speak_series,
)
from voxgate.text.japanese.signs import speak_arithmetic, speak_lone_signs, speak_numbers

__all__ = ["fold", "normalise_lifted"]

_Rule = Callable[[str], str]

_RULES: tuple[_Rule, ...] = (
    join_thousands,
    speak_telephones,
    speak_dates,
    speak_times,
    speak_scores,
    speak_pairs,
    speak_series,
    speak_money,
    speak_units,
    speak_fractions,
    speak_ranges,
    speak_arithmetic,
    spell_letters,
    speak_circles,
    speak_numbers,
    speak_lone_signs,
    fold_marks,
    tidy,
)
"""From the most specific writing to the least; each rule sees what the earlier ones left."""

_MAX_ROUNDS = 5


def fold(text: str) -> str:
    """Return the characters that the rules start from.

    Raises:
        TextError: a character has no reading, or a number has more than 1,000 digits.
    """
    folded = plain_characters(text)
    refuse_endless(folded)
    return re.sub(r"(?<=\d)\s*\n\s*(?=\d)", "。\n", folded)


def normalise_lifted(lifted: LiftedText, *, written: str) -> str:
    """Return the text of `lifted` as it is spoken, with its places; "" where nothing is.

    Raises:
        TextError: a Latin word is in it; `written` is where its place is counted.
    """
    text = lifted.text
    for _ in range(_MAX_ROUNDS):
        before = text
        for rule in _RULES:
            text = rule(text)
        if text == before:
            break
    if not (is_speakable(text) or any("\ue000" <= c <= "\uf8ff" for c in text)):
        return ""
    refuse_words(text, written)
    return text
