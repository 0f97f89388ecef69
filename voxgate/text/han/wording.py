"""The words that a language of Han characters says numbers, dates, money, units and signs with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Wording"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Wording:
    """What the grammar says; what it recognises in a text is the same for both scripts.

    Words with `{}` take the number in that place. Compared by identity: one for each language.
    """

    digits: str = "零一二三四五六七八九"
    """Zero to nine, as in numbers."""

    one_in_codes: str
    """One in numbers of phones, rooms and lines: 幺 in Chinese, 一 in Cantonese."""

    two: str
    """Two before a counter."""

    two_before: str
    """Powers of ten that a leading two is `two` before: 两千, but 二百."""

    ten_thousand: str
    hundred_million: str
    point: str
    minus: str
    """Before a number that is below zero."""

    below_zero: str
    """Before a temperature that is below zero."""

    to: str
    """Between the ends of a range."""

    to_clock: str
    """Between two times of day."""

    parts: str
    """Between the denominator and the numerator."""

    and_parts: str
    """Between a whole number and its fraction."""

    percent: str
    permille: str
    hundred_percent: str
    ratio: str
    """Between the numbers of a score or a ratio."""

    per: str
    """Between a unit and what it is counted by."""

    about: str
    """Before a number that ~ stands before."""

    number_sign: str
    """Behind a number that № or # stands before."""

    year: str
    month: str
    day: str
    hour: str
    half: str
    minute: str
    second: str
    signs: Mapping[str, str] = field(repr=False)
    """Signs between or beside numbers, each with its word."""

    power: str
    square: str
    cube: str
    squared: str
    """Behind a number; `square` and `cube` stand behind a letter or before a unit."""

    cubed: str
    units: Mapping[str, str] = field(repr=False)
    """Every unit of `tokens.UNITS`, and Ω, kΩ, MΩ.

    With `{}` in the place of the number, where it does not stand before the name.
    """

    currencies: Mapping[str, str] = field(repr=False)
    """Every sign and code of `tokens`."""

    decimal_money: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Currencies whose cents are named: the word of a tenth and of a hundredth; others say them
    behind the point."""

    greek: str
    """Names of the Greek letters, alpha to omega, parted by blanks."""

    counters: str = ""
    """Counters of this language alone, parted by blanks; two before them is `two`."""

    plus_sign_of_phone: str
    """What a + before the code of a country is called."""
