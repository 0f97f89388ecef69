"""Numbers in the form that the reading of Japanese starts from.

A plain cardinal keeps its digits, with 万 億 兆 京 between groups of four: the dictionary reads
digits before a counter with all changes of sound (3本 サンボン, 8歳 ハッサイ, 20日 ハツカ), which
numerals in Han characters may lose to a name (三行 is also Miyuki). Digits that are said one by one
are written in katakana.
"""

from __future__ import annotations

import re

from voxgate.errors import TextError

__all__ = ["NUMBER", "cardinal", "digit_by_digit", "join_thousands", "number", "refuse_endless"]

NUMBER = r"(?:(?<!\d)\d++(?:\.\d++)?)"
"""After `join_thousands`: digits, and a fraction behind a point; never a part of a number, so that
long ones cost no more than their length."""

_DIGITS = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
_UNITS = ("", "万", "億", "兆", "京")
_GROUP = 4
_MAX_CARDINAL = _GROUP * len(_UNITS)
_MAX_DIGITS = 1000
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])")
_ENDLESS = re.compile(rf"\d{{{_MAX_DIGITS + 1}}}")


def refuse_endless(text: str) -> None:
    """Pass a text whose numbers can be said.

    Raises:
        TextError: a number has more than 1,000 digits.
    """
    if found := _ENDLESS.search(text):
        raise TextError(
            f"the number {found.group()[:20]}… at character {found.start() + 1} has more than "
            f"{_MAX_DIGITS} digits: write it as it should be said"
        )


def join_thousands(text: str) -> str:
    """Write 15,000 as 15000."""
    return _THOUSANDS.sub(lambda match: match[1].replace(",", ""), text)


def digit_by_digit(digits: str) -> str:
    """Say digits one by one, as of a telephone number: 03 is ゼロサン."""
    return "".join(_DIGITS[int(digit)] for digit in digits)


def cardinal(digits: str) -> str:
    """Write a whole number: 12345678 is 1234万5678; a leading zero makes it a row of digits."""
    if (digits[0] == "0" and len(digits) > 1) or len(digits) > _MAX_CARDINAL:
        return digit_by_digit(digits)
    if len(digits) <= _GROUP:
        return digits
    groups: list[str] = []
    for place, unit in enumerate(_UNITS):
        end = len(digits) - place * _GROUP
        group = int(digits[max(0, end - _GROUP) : end]) if end > 0 else 0
        if group:
            groups.append(f"{group}{unit}")
    return "".join(reversed(groups)) or "0"


def number(written: str) -> str:
    """Write a number with or without a fraction: 3.14 is 3点14, of which each digit is said."""
    whole, _, fraction = written.partition(".")
    if not fraction:
        return cardinal(whole)
    head = "零" if not whole.strip("0") else cardinal(whole)
    return (
        f"{head}点{fraction}" if len(fraction) <= _GROUP else f"{head}点{digit_by_digit(fraction)}"
    )
