"""Say whole numbers, decimals and single digits in Han characters."""

from __future__ import annotations

import re

from voxgate.errors import TextError
from voxgate.text.han.wording import Wording

__all__ = [
    "NUMBER",
    "WHOLE",
    "refuse_endless_numbers",
    "say_cardinal",
    "say_counted",
    "say_digits",
    "say_number",
]

WHOLE = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)"
"""A whole number, its thousands parted by commas or not."""

NUMBER = rf"(?:{WHOLE}(?:\.\d+)?|(?<![\d.])\.\d+)"
"""A number, with decimals or without."""

_MAX_DIGITS = 1000
_MOST_SAID = 16
"""Longer numbers are said digit by digit: nobody counts in 亿亿."""

_ENDLESS = re.compile(rf"\d[\d,]{{{_MAX_DIGITS},}}")
_POWERS = ("", "十", "百", "千")
_GROUP = 4
_WIDE_GROUP = 8


def refuse_endless_numbers(text: str) -> None:
    """Pass numbers of at most 1,000 digits.

    Raises:
        TextError: a number has more; names its length and its place.
    """
    if endless := _ENDLESS.search(text):
        count = sum(character.isdigit() for character in endless.group())
        if count > _MAX_DIGITS:
            raise TextError(
                f"the number at character {endless.start() + 1} has {count:,} digits; at most "
                f"{_MAX_DIGITS:,} are read out: shorten it, or part it with marks"
            )


def say_digits(digits: str, wording: Wording, *, code: bool = False) -> str:
    """Say each digit by itself; in a code, one may have a word of its own."""
    said = (wording.digits[int(digit)] for digit in digits if digit.isdecimal())
    text = "".join(said)
    return text.replace(wording.digits[1], wording.one_in_codes) if code else text


def say_number(number: str, wording: Wording) -> str:
    """Say "3,500.04" or "-2": whole part as a quantity, decimals digit by digit."""
    sign, bare = (wording.minus, number[1:]) if number[:1] in "-−" else ("", number)
    whole, _, decimals = bare.replace(",", "").partition(".")
    said = say_cardinal(whole or "0", wording)
    if decimals:
        said += wording.point + say_digits(decimals, wording)
    return sign + said


def say_counted(number: str, wording: Wording) -> str:
    """Say a number that a counter follows: a lone 2 has a word of its own there."""
    return wording.two if number == "2" else say_number(number, wording)


def say_cardinal(digits: str, wording: Wording) -> str:
    """Say a whole number as a quantity; leading zeros, or too many digits, make it a code."""
    if len(digits) > _MOST_SAID or (len(digits) > 1 and digits[0] == "0"):
        return say_digits(digits, wording)
    said = _below_all(int(digits), wording) or wording.digits[0]
    two = wording.digits[2]
    if len(said) > 1 and said[0] == two and said[1] in wording.two_before:
        said = wording.two + said[1:]
    return said[1:] if said.startswith(wording.digits[1] + "十") else said


def _below_all(number: int, wording: Wording) -> str:
    """Say `number` ≥ 0 with 一十 for ten and 二 for each two; "" for zero."""
    for size, name in (
        (10**_WIDE_GROUP, wording.hundred_million),
        (10**_GROUP, wording.ten_thousand),
    ):
        high, low = divmod(number, size)
        if high:
            said = _below_all(high, wording) + name
            if low and low < size // 10:
                said += wording.digits[0]
            return said + _below_all(low, wording)
    return _below_myriad(number, wording)


def _below_myriad(number: int, wording: Wording) -> str:
    said, gap = "", False
    for power in range(_GROUP - 1, -1, -1):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(said)
            continue
        if gap:
            said += wording.digits[0]
        said, gap = said + wording.digits[digit] + _POWERS[power], False
    return said
