"""Bring numbers whose digits are grouped in other ways to the one that the rules know: 1,234.5."""

from __future__ import annotations

import re

from voxgate.errors import TextError

__all__ = ["join_digit_groups", "join_thin_groups", "refuse_endless_numbers"]

_MAX_DIGITS = 1000
_ENDLESS = re.compile(rf"\d{{{_MAX_DIGITS + 1},}}|\d{{1,3}}(?:,\d{{3}}){{{_MAX_DIGITS // 3},}}")

_THIN = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:[\u00a0\u202f\u2009\u2007]\d{3})+(?![\w]|[.,]\d)")
_APOSTROPHES = re.compile(r"(?<![\w.,'])\d{1,3}(?:['_]\d{3})++(?![\d'_])")
_INDIAN = re.compile(r"(?<![\w.,])\d{1,2}(?:,\d\d(?=,))++,\d{3}(?![\d,])")
_POINTS = re.compile(r"(?<![\w.,-])[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d{1,2})?(?![\w-]|[.,]\d)")
_INTERNET_NUMBER = re.compile(r"(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.|$)){4}")
_BLANKS_AND_COMMA = re.compile(
    r"(?<![\w.,+(-])(?<!\d )[1-9]\d{0,2}(?: \d{3}){1,6}+,\d{1,2}(?![\w]|[.,]\d)"
)
_CONTINENTAL = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3})++,\d{1,2}(?![\w]|[.,]\d)")

_MONEY_SIGN = "€£$¥₹₩₽₺"
_EURO_THOUSANDS = re.compile(
    r"(?<=€)\s?([1-9]\d{0,2})\.(\d{3})(?![\d.,]\d|\d)|(?<![\w.,])([1-9]\d{0,2})\.(\d{3})(?=\s?€)"
)
_MEASURE = (
    r"(?:€|[Ee]uros?\b|%|percent\b|°|[kcm]?m\b|k?g\b|[mc]?l\b|L\b|kHz|MHz|GHz|Hz|kWh?|[kMGT]B\b|hours?\b|"
    r"million|billion|kilo|met(?:er|re)|liter|litre|degrees?\b)"
)
_DECIMAL_COMMA = re.compile(
    rf"(?<![\w.,])(?:(?<=[€£])(\d+),(\d\d)|(0),(\d+)|(\d+),(\d\d?)(?=\s?{_MEASURE}))(?![\w]|[.,]\d)"
)

_BLANKS = re.compile(r"(?<![\w.,+(-])(?<!\d )[1-9]\d{0,2}(?: \d{3}){1,6}+(?![\w-]| ?\d|[.,]\d)")
_BEFORE_LABEL = re.compile(
    r"(?i:\b(?:call|calls|dial|phone|tel|telephone|fax|text|number|no|nr|room|rooms|chapter|section|"
    r"page|pages|step|figure|table|line|lines|code|pin|password|extension|press|channel|in|on|at|of|"
    r"by|since|january|february|march|april|may|june|july|august|september|october|november|"
    r"december)[.:]? |[,;] )$"
)
_COUNTED = re.compile(r"\s?(?:[a-z]+s\b|people\b|dollars|pounds|men\b|women\b|children\b|[$£¥₹])")
_MEASURED = re.compile(rf"\s?{_MEASURE}")
_WINDOW = 12


def refuse_endless_numbers(text: str) -> None:
    """Pass numbers of at most 1,000 digits.

    Raises:
        TextError: a number has more; names its length and its place.
    """
    endless = _ENDLESS.search(text)
    if endless:
        count = sum(char.isdigit() for char in endless.group())
        raise TextError(
            f"the number near character {endless.start()} has {count:,} digits; at most "
            f"{_MAX_DIGITS:,} are read out: shorten it, or put blanks where it is to be divided"
        )


def join_thin_groups(text: str) -> str:
    """Join groups of three parted by blanks that do not break: they were written as one number."""
    return _THIN.sub(lambda m: re.sub(r"\s", ",", m.group()), text)


def join_digit_groups(text: str) -> str:
    """Join thousands written with points, blanks, apostrophes; turn decimal commas into points.

    Only where nothing else can be meant: 10.000.000, 1'000, €1.500, 1 500 euros, 0,5 and 2,5 km;
    but "1.500" is a decimal, "1,500" a thousand, and "Room 5 100 people" are two numbers.
    """
    text = _APOSTROPHES.sub(lambda m: re.sub("['_]", ",", m.group()), text)
    text = _INDIAN.sub(lambda m: _in_threes(m.group().replace(",", "")), text)
    text = _BLANKS_AND_COMMA.sub(lambda m: _american(m.group().replace(" ", ".")), text)
    text = _CONTINENTAL.sub(lambda m: _american(m.group()), text)
    text = _POINTS.sub(_join_points, text)
    text = _EURO_THOUSANDS.sub(lambda m: f"{m[1] or m[3]},{m[2] or m[4]}", text)
    text = _DECIMAL_COMMA.sub(lambda m: ".".join(part for part in m.groups() if part), text)
    return _BLANKS.sub(_join_blanks, text)


def _american(number: str) -> str:
    return number.replace(",", ";").replace(".", ",").replace(";", ".")


def _in_threes(number: str) -> str:
    head = len(number) % 3
    groups = [number[at : at + 3] for at in range(head, len(number), 3)]
    return ",".join([number[:head], *groups] if head else groups)


def _join_points(match: re.Match[str]) -> str:
    number = match.group()
    return number if _INTERNET_NUMBER.fullmatch(number) else _american(number)


def _join_blanks(match: re.Match[str]) -> str:
    number, text = match.group(), match.string
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    groups = number.split(" ")
    is_one = (
        (len(groups) > 2 and not _BEFORE_LABEL.search(before))  # noqa: PLR2004 - 555 123 may be two
        or "000" in groups[1:]
        or before.rstrip().endswith(tuple(_MONEY_SIGN))
        or _MEASURED.match(text, match.end())
        or (not _BEFORE_LABEL.search(before) and _COUNTED.match(text, match.end()))
    )
    return ",".join(groups) if is_one else number
