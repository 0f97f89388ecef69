"""Number words, in American English without "and"."""

from __future__ import annotations

import re

__all__ = [
    "NUMBER",
    "cardinal",
    "decimal",
    "digits",
    "is_one",
    "number",
    "ordinal",
    "ordinal_of_words",
    "plural",
    "year",
]

NUMBER = r"(?:(?:\d{1,3}(?:,\d{3}(?!\d))++|\d++)(?:\.\d++)?|\.\d++)"
"""A number as it is written: 1,234.5 or .5 or 007."""

_LONG_DIGITS = 10
"""Numbers of so many digits are codes, unless they are grouped."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MAX_DIGITS = 3 * len(_SCALES)


def cardinal(number: str) -> str:
    """Speak a string of ASCII digits as one number; longer than quintillions digit by digit."""
    number = number.lstrip("0") or "0"
    if len(number) > _MAX_DIGITS:
        return digits(number)
    if number == "0":
        return "zero"
    groups: list[str] = []
    for scale, end in enumerate(range(len(number), 0, -3)):
        value = int(number[max(0, end - 3) : end])
        if value:
            groups.append(f"{_below_thousand(value)} {_SCALES[scale]}".strip())
    return " ".join(reversed(groups))


def number(written: str) -> str:
    """Speak what matches `NUMBER`; a leading zero, or ten digits ungrouped, are read one by one."""
    whole, _, fraction = written.replace(",", "").partition(".")
    if fraction:
        return decimal(whole, fraction)
    is_code = len(whole) >= _LONG_DIGITS and "," not in written
    if is_code or (len(whole) > 1 and whole[0] == "0"):
        return digits(whole)
    return cardinal(whole)


def is_one(written: str) -> bool:
    """Tell whether a string of digits is the number one."""
    return written.lstrip("0") == "1"


def ordinal(number: str) -> str:
    """Speak a string of ASCII digits as a place in an order."""
    return ordinal_of_words(cardinal(number))


def ordinal_of_words(words: str) -> str:
    """Turn "twenty-one" into "twenty-first"."""
    head, separator, last = re.fullmatch(r"(.*?)([ -]?)([a-z]+)", words).groups()  # type: ignore[union-attr]
    if last in _IRREGULAR_ORDINALS:
        last = _IRREGULAR_ORDINALS[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last = f"{last}th"
    return f"{head}{separator}{last}"


def digits(number: str) -> str:
    """Speak each digit by itself."""
    return " ".join(_SMALL[int(digit)] for digit in number)


def decimal(whole: str, fraction: str) -> str:
    """Speak "3" and "14" as "three point one four"; an empty `whole` is zero."""
    return f"{cardinal(whole or '0')} point {digits(fraction)}"


def year(number: str) -> str:
    """Speak four digits as a year: "nineteen oh five", "twenty twenty-four", "two thousand one"."""
    century, rest = number[:2], number[2:]
    if number[1:3] == "00":
        return cardinal(number)
    if rest == "00":
        return f"{cardinal(century)} hundred"
    if rest[0] == "0":
        return f"{cardinal(century)} oh {cardinal(rest)}"
    return f"{cardinal(century)} {cardinal(rest)}"


def plural(words: str) -> str:
    """Make the last number word plural: "nineteen nineties", "sixes"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    parts = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        parts.append(_below_hundred(rest))
    return " ".join(parts)


def _below_hundred(value: int) -> str:
    if value < len(_SMALL):
        return _SMALL[value]
    tens, ones = divmod(value, 10)
    return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]
