"""Turn numbers and signs into Han characters, from the most specific writing to the least."""

from __future__ import annotations

from collections.abc import Callable

from voxgate.text.han.cardinals import refuse_endless_numbers
from voxgate.text.han.clock import speak_times
from voxgate.text.han.codes import speak_codes, speak_versions
from voxgate.text.han.counting import speak_numbers
from voxgate.text.han.dates import speak_dates, speak_years
from voxgate.text.han.measures import speak_measures, speak_percentages
from voxgate.text.han.money import speak_money
from voxgate.text.han.ranges import speak_fractions, speak_ranges
from voxgate.text.han.scores import speak_scores
from voxgate.text.han.signs import (
    speak_arithmetic,
    speak_numbering,
    speak_powers,
    speak_signs,
)
from voxgate.text.han.wording import Wording

__all__ = ["speak"]

_Rule = Callable[[str, Wording], str]

_RULES: tuple[_Rule, ...] = (
    speak_dates,
    speak_times,
    speak_codes,
    speak_versions,
    speak_scores,
    speak_arithmetic,
    speak_years,
    speak_money,
    speak_ranges,
    speak_numbering,
    speak_percentages,
    speak_measures,
    speak_powers,
    speak_fractions,
    speak_numbers,
    speak_signs,
)
_MAX_ROUNDS = 4


def speak(text: str, wording: Wording) -> str:
    """Say every number and sign of `text` in words; letters, Han characters and marks stay.

    The text has half-width digits and letters; units and signs as in `tokens`. Rules run until
    nothing changes: one may uncover what an earlier one reads.

    Raises:
        TextError: a number has more than 1,000 digits.
    """
    refuse_endless_numbers(text)
    text = text.replace("～", "~")
    for _ in range(_MAX_ROUNDS):
        before = text
        for rule in _RULES:
            text = rule(text, wording)
        if text == before:
            break
    return text
