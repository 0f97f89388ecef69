"""Bring every way of saying a number to one: digit by digit, as it would be dialled.

"1990" is said as "nineteen ninety" and as "one thousand nine hundred ninety", a telephone number in
groups or at once, and a recogniser writes what it likes. Said digit by digit they all agree, and it
does not matter where one number ends and the next begins. A wrong digit is then one wrong word.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from voxgate.text.english.cardinals import (
    DIGITS,
    NUMBERS,
    ONES,
    SCALES,
    TENS,
    Parsed,
    read_cardinal,
    word_at,
)
from voxgate.text.english.numbers import digits, ordinal

__all__ = ["number_words_to_digits"]

_REPEATS = {"double": 2, "triple": 3}
_ORDINALS = {ordinal(str(value)): value for value in (*range(1, 20), *range(20, 100, 10))}
_SCALED_FROM = 1_000_000
_ROUND = 10_000
"""From a million on, what ends in four zeros is said with its scale ("2.5 million")."""


def number_words_to_digits(words: Sequence[str]) -> list[str]:
    """Return `words` (lower case, no hyphens) with every cardinal number said by its digits.

    >>> number_words_to_digits("in nineteen ninety two thousand people".split())
    ['in', 'one', 'nine', 'nine', 'two', 'zero', 'zero', 'zero', 'people']
    >>> number_words_to_digits("two point five million".split())
    ['two', 'point', 'five', 'million']
    """
    words = _say_halves(_say_zero(words))
    spelled: list[str] = []
    place = 0
    while place < len(words):
        found = _repeated(words, place) or _ordinal(words, place) or _number(words, place)
        if found is None:
            spelled.append(words[place])
            place += 1
        else:
            said, place = found
            spelled += said
    return spelled


def _say_halves(words: Sequence[str]) -> list[str]:
    """Read "and one half" behind a number as its decimal: a recogniser writes 2.5 for both."""
    said = list(words)
    for place in range(len(said) - 3, 0, -1):
        if said[place : place + 3] == ["and", "one", "half"] and said[place - 1] in NUMBERS:
            said[place : place + 3] = ["point", "five"]
    return said


def _say_zero(words: Sequence[str]) -> list[str]:
    """Read "oh" beside a number, and "o" between two, as the digit."""
    said = list(words)
    for place, word in enumerate(words):
        before = said[place - 1] if place else ""
        after = words[place + 1] if place + 1 < len(words) else ""
        led = before in NUMBERS or before in _REPEATS
        followed = after in NUMBERS
        if (word == "oh" and (led or followed)) or (word == "o" and led and followed):
            said[place] = "zero"
    # "oh oh seven": only the second stands beside a number.
    for place in range(len(said) - 2, -1, -1):
        if said[place] == "oh" and said[place + 1] == "zero":
            said[place] = "zero"
    return said


def _repeated(words: Sequence[str], place: int) -> tuple[list[str], int] | None:
    times = _REPEATS.get(words[place])
    if times is None or word_at(words, place + 1) not in DIGITS:
        return None
    return [words[place + 1]] * times, place + 2


def _ordinal(words: Sequence[str], place: int) -> tuple[list[str], int] | None:
    """Read "one hundred and first" whatever stands between its parts."""
    cardinal = read_cardinal(words, place)
    if cardinal is None:
        return None
    value, end = cardinal
    if word_at(words, end) == "and" and value % 100 == 0:
        end += 1
    last = _ORDINALS.get(word_at(words, end))
    rest = value % 100
    if last is not None and (rest == 0 or (rest in TENS.values() and last in ONES.values())):
        return ordinal(str(value + last)).replace("-", " ").split(), end + 1
    scale = {"hundredth": 100, "thousandth": 1000, "millionth": 1_000_000}.get(word_at(words, end))
    if scale is not None:
        return ordinal(str(value * scale)).replace("-", " ").split(), end + 1
    return None


def _number(words: Sequence[str], place: int) -> tuple[list[str], int] | None:
    if words[place] == "zero":
        return ["zero"], place + 1
    cardinal = read_cardinal(words, place)
    if cardinal is None:
        return None
    value, end = _scaled_decimal(words, *cardinal) or cardinal
    return _spell(value), end


def _scaled_decimal(words: Sequence[str], whole: int, end: int) -> Parsed | None:
    """Read "point five million" behind a whole number; None where it comes to no whole number."""
    if word_at(words, end) != "point":
        return None
    start = end = end + 1
    while word_at(words, end) in DIGITS:
        end += 1
    scale = SCALES.get(word_at(words, end))
    if scale is None or start == end:
        return None
    fraction = "".join(str(DIGITS[word]) for word in words[start:end])
    value = Decimal(f"{whole}.{fraction}") * scale
    return (int(value), end + 1) if value == int(value) else None


def _spell(value: int) -> list[str]:
    if value < _SCALED_FROM or value % _ROUND:
        return digits(str(value)).split()
    name, scale = max((scale, name) for name, scale in SCALES.items() if scale <= value)[::-1]
    whole, rest = divmod(value, scale)
    fraction = str(scale + rest)[1:].rstrip("0")
    point = ["point", *digits(fraction).split()] if fraction else []
    return [*digits(str(whole)).split(), *point, name]
