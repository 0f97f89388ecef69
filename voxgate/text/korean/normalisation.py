"""Turn written Korean into the words that are spoken, still in the spelling of hangul."""

from __future__ import annotations

import re
from collections.abc import Callable

from voxgate.text.inline_readings import lift, lower
from voxgate.text.korean.amounts import speak_money, speak_units
from voxgate.text.korean.calendar import speak_dates, speak_months, speak_times
from voxgate.text.korean.characters import plain_characters
from voxgate.text.korean.codes import speak_codes
from voxgate.text.korean.counters import speak_counted
from voxgate.text.korean.hanja import speak_hanja
from voxgate.text.korean.letters import refuse_latin, speak_letters, speak_roman_numerals
from voxgate.text.korean.marks import drop_emoticons, speakable, tidy
from voxgate.text.korean.signs import (
    join_groups,
    speak_arithmetic,
    speak_fractions,
    speak_numbers,
    speak_ranges,
    speak_signs,
    speak_versions,
)

__all__ = ["normalise", "normalise_lifted"]

_Rule = Callable[[str], str]

_RULES: tuple[_Rule, ...] = (
    drop_emoticons,
    join_groups,
    speak_roman_numerals,
    speak_codes,
    speak_dates,
    speak_times,
    speak_versions,
    speak_ranges,
    speak_money,
    speak_units,
    speak_fractions,
    speak_arithmetic,
    speak_counted,
    speak_months,
    speak_numbers,
    speak_signs,
    speak_hanja,
    speak_letters,
)
"""From the most specific writing to the least; each rule sees what the earlier ones left."""

_MOST_ROUNDS = 4
"""Marks that others have hidden may take one more round; nothing is known that takes three."""

_COMPANY = re.compile(r" ?\((주|유|사|재)\) ?")
_COMPANY_NAMES = {"주": "주식회사", "유": "유한회사", "사": "사단법인", "재": "재단법인"}


def normalise(text: str) -> str:
    """Write `text` as it is spoken: hangul, spaces, `, . ! ? … -` and `" ( ) ~`.

    Spaces stay as they are written, for they are heard. Readings `{written|reading}` stay.
    "" where nothing is speakable.

    Raises:
        TextError: a character or a word has no reading in Korean; names it and its place.
    """
    lifted, readings = lift(text)
    return lower(normalise_lifted(lifted), readings)


def normalise_lifted(text: str) -> str:
    """Normalise a text whose inline readings are private-use characters."""
    spoken = _apply_rules(plain_characters(text), written=text)
    for _ in range(_MOST_ROUNDS):
        again = _apply_rules(spoken, written=text)
        if again == spoken:
            break
        spoken = again
    return spoken if speakable(spoken) else ""


def _apply_rules(text: str, *, written: str) -> str:
    text = _COMPANY.sub(_company, text)
    for rule in _RULES:
        text = rule(text)
    refuse_latin(text, written=written)
    return tidy(text)


def _company(match: re.Match[str]) -> str:
    before = "" if match.start() == 0 else " "
    after = "" if match.end() == len(match.string) else " "
    if not after.strip() and match.string[match.end() : match.end() + 1] in tuple(
        "은는이가의을를에,."
    ):
        after = ""
    return f"{before}{_COMPANY_NAMES[match[1]]}{after}"
