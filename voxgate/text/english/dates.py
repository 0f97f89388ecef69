"""Read dates aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, digits, ordinal, year

__all__ = ["MONTH", "month_name", "speak_dates"]

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
"""A month, written out or abbreviated, without a point."""

_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_PIVOT = 69
"""Two-digit years from here on are of the 20th century, those below of the 21st, as in POSIX."""

_AFTER_ISO = r"(?:(?P<time>[T ](?=\d\d:\d\d))|(?![\w-]))"
_YEAR_FIRST = re.compile(
    rf"(?<![\w./-])(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){_AFTER_ISO}(?!\.\d|/\d)"
)
_YEAR_LAST = re.compile(
    r"(?<![\w./-])(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})(?![\w/-]|\.\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<![\w./$€£-])(?P<first>\d{1,2})(?P<sign>/|(?<=\b\d\d)-(?=\d\d-))(?P<second>\d{1,2})(?P=sign)'?(?P<year>\d\d)(?![\w/-]|[.:]\d)"
)
_ON = (
    r"(?i:\b(?:on|by|until|till|since|from|before|after|due|dated|date:?|born|of|to|through|"
    r"between|and)) "
)
_SHORT_DOTTED = re.compile(
    rf"(?P<on>{_ON}|(?<![\w./-])(?=0\d\.\d\d|\d\d\.0\d))(?P<first>\d{{1,2}})(?P<sign>\.)(?P<second>\d{{1,2}})\.(?P<year>\d\d)(?![\w/-]|\.\d)"
)
_NO_YEAR = re.compile(
    r"(?P<on>\b(?i:on|by|until|till|since|due|dated|date:) )(?P<first>\d{1,2})/"
    r"(?P<second>\d{1,2})(?![\w/-]|\.\d)"
)
_NEVER_DATES = {("9", "11"), ("24", "7"), ("50", "50"), ("20", "20")}
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{MONTH})\.? (?P<the>the )?{_DAY}(?:st|nd|rd|th)?\b(?!:|\.\d|,\d|%|-\d|/)"
    rf"(?:,? {_YEAR}\b(?![,.]\d))?"
)
_MONTH_DAYS = re.compile(
    rf"\b(?P<month>{MONTH})\.? {_DAY}(?:st|nd|rd|th)? ?- ?(?P<until>0?[1-9]|[12]\d|3[01])"
    rf"(?:st|nd|rd|th)?\b(?![:-]|[.,]\d|%)(?:,? {_YEAR}\b(?![,.]\d))?"
)
_DAY_FIRST = re.compile(
    rf"\b(?P<the>the )?(?<![\d.,:/-]){_DAY}(?:st|nd|rd|th)?[ -](?:of )?(?P<month>{MONTH})\b"
    rf"(?:\.(?=,? ?[a-z0-9]))?(?:,?[ -]{_YEAR}\b(?![,.]\d))?"
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH})\.?,? {_YEAR}\b(?![,.]\d)")
_YEAR_MONTH = re.compile(
    r"(?<![\w./-])(?P<year>1[5-9]\d\d|20\d\d)[-/](?P<month>0[1-9]|1[0-2])(?![\w/-]|\.\d)"
)


_MONTH_SLASH_YEAR = re.compile(
    r"(?<![\w./-])(?P<month>0?[1-9]|1[0-2])/(?P<year>19\d\d|20\d\d)(?![\w/-]|\.\d)"
)


def speak_dates(text: str, *, day_first: bool = False) -> str:
    """Speak dates in digits (year first, year last, two-digit years) and written ones.

    Where two readings fit, 3/4/2024 is March fourth, or with `day_first` April third; where only
    one fits, that one is taken, whatever stands between the numbers.
    """

    def speak_numeric(match: re.Match[str]) -> str:
        return _speak_numeric(match, day_first=day_first)

    text = _YEAR_FIRST.sub(_speak_year_first, text)
    for pattern in (_YEAR_LAST, _SHORT_YEAR, _SHORT_DOTTED, _NO_YEAR):
        text = pattern.sub(speak_numeric, text)
    text = _MONTH_DAYS.sub(_speak_days, text)
    text = _MONTH_FIRST.sub(_speak_written, text)
    text = _DAY_FIRST.sub(_speak_written, text)
    text = _MONTH_SLASH_YEAR.sub(
        lambda m: f"{_MONTHS[int(m['month']) - 1]} {year(m['year'])}", text
    )
    text = _YEAR_MONTH.sub(_speak_year_month, text)
    return _MONTH_YEAR.sub(lambda m: f"{month_name(m['month'])} {year(m['year'])}", text)


def month_name(name: str) -> str:
    """Write out an abbreviated month."""
    return next(month for month in _MONTHS if month.startswith(name[:3]))


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= len(_MONTHS) and 1 <= day <= _DAYS_OF[month - 1]


def _date(month: str, day: str, in_year: str | None) -> str:
    return f"{month} {ordinal(day)}" + (f", {_year(in_year)}" if in_year else "")


def _year(number: str) -> str:
    if len(number) == 2:  # noqa: PLR2004
        number = f"{'19' if int(number) >= _PIVOT else '20'}{number}"
    return year(number) if number[0] in "12" else cardinal(number)


def _speak_year_first(match: re.Match[str]) -> str:
    month, day = int(match["month"]), int(match["day"])
    if not _is_date(month, day):
        return _parts(match["year"], match["month"], match["day"]) + (match["time"] or "")
    spoken = _date(_MONTHS[month - 1], match["day"], match["year"])
    return f"{spoken} at " if match["time"] else spoken


def _speak_numeric(match: re.Match[str], *, day_first: bool) -> str:
    found = match.groupdict()
    first, second = int(match["first"]), int(match["second"])
    orders = [(first, second), (second, first)]
    if day_first:
        orders.reverse()
    fitting = [(month, day) for month, day in orders if _is_date(month, day)]
    never = "year" not in found and (match["first"], match["second"]) in _NEVER_DATES
    if never or not fitting:
        is_divided = found.get("year") and match["sign"] != "."
        return (
            _parts(match["first"], match["second"], match["year"]) if is_divided else match.group()
        )
    month, day = fitting[0]
    return (found.get("on") or "") + _date(_MONTHS[month - 1], str(day), found.get("year"))


def _parts(*numbers: str) -> str:
    """Say each part by itself, with pauses: what looks like a date and is none."""
    return ", ".join(digits(n) if n[0] == "0" else cardinal(n) for n in numbers)


def _speak_days(match: re.Match[str]) -> str:
    tail = f", {year(match['year'])}" if match["year"] else ""
    return (
        f"{month_name(match['month'])} {ordinal(match['day'])} to {ordinal(match['until'])}{tail}"
    )


def _speak_written(match: re.Match[str]) -> str:
    month = month_name(match["month"])
    if match["the"]:
        spoken = f"the {ordinal(match['day'])} of {month}"
        if match.re is _MONTH_FIRST:
            spoken = f"{month} the {ordinal(match['day'])}"
        return f"{spoken}, {year(match['year'])}" if match["year"] else spoken
    return _date(month, match["day"], match["year"])


def _speak_year_month(match: re.Match[str]) -> str:
    in_year, month = int(match["year"]), int(match["month"])
    is_span = month == (in_year + 1) % 100 or (month > in_year % 100 and "-" in match.group())
    if is_span:
        return match.group()
    return f"{_MONTHS[month - 1]} {year(match['year'])}"
