"""Read dates, years, decades and times of day aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, ordinal, plural, year

__all__ = ["speak_dates", "speak_times", "speak_years"]

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONTH_PATTERN = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"

_ISO = re.compile(
    r"(?<![\w-])(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?P<time>T)(?=\d\d:\d\d)|(?![\w-]))"
)
_SLASHED = re.compile(r"(?<![\w/.])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?![\w/])")
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTH_PATTERN})\.? (?P<the>the )?{_DAY}(?:st|nd|rd|th)?\b(?!:|\.\d|,\d|%)"
    rf"(?:,? {_YEAR}\b(?![,.]\d))?"
)
_DAY_FIRST = re.compile(
    rf"\b(?P<the>the )?{_DAY}(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH_PATTERN})\b"
    rf"(?:\.(?=,? ?[a-z0-9]))?(?:,? {_YEAR}\b(?![,.]\d))?"
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTH_PATTERN})\.?,? {_YEAR}\b(?![,.]\d)")

_DECADE = re.compile(r"(?<![\w.,])(?P<century>1[0-9]|20)?'?(?P<decade>[2-9])0'?s\b")
_ERA = re.compile(r"(?<![\w.,])(?P<year>\d{1,4}) ?(?P<era>BCE|BC|CE|AD)\b")
_PLAIN_YEAR = re.compile(r"(?<![\w.,/:+$£€-])(?P<year>1[1-9]\d\d|20\d\d)(?![\w/:]|[.,]\d|-\d)")
_YEAR_RANGE = re.compile(
    r"(?<![\w.,/:-])(1[1-9]\d\d|20\d\d) ?- ?(1[1-9]\d\d|20\d\d|\d\d)(?![\w/:-]|[.,]\d)"
)

_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_CLOCK = re.compile(
    rf"(?<![\w.:])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?:\s?{_HALF}(?!\w))?",
    re.IGNORECASE,
)
_WHOLE_HOUR = re.compile(rf"(?<![\w.:])(?P<hour>1[0-2]|0?[1-9])\s?{_HALF}(?!\w)", re.IGNORECASE)
_HOURS_SPAN = re.compile(
    r"(?<=\d)(\s?[ap]\.?m\.?)?\s?-\s?(?=\d{1,2}(?::\d\d)?\s?[ap]\.?m)", re.IGNORECASE
)
_HUNDREDS = re.compile(r"(?<![\w.,])(1[1-9]|20)00'?s\b")
_NOON = 12


def speak_dates(text: str) -> str:
    """Speak ISO, slashed (month first, unless that is no month) and written dates."""
    text = _ISO.sub(_speak_iso, text)
    text = _SLASHED.sub(_speak_slashed, text)
    text = _MONTH_FIRST.sub(_speak_written, text)
    text = _DAY_FIRST.sub(_speak_written, text)
    return _MONTH_YEAR.sub(lambda m: f"{_month(m['month'])} {year(m['year'])}", text)


def speak_times(text: str) -> str:
    """Speak times of day; hours from 13 on become afternoon hours with "P M"."""
    text = _HOURS_SPAN.sub(lambda m: f"{m[1] or ''} to ", text)
    text = _CLOCK.sub(_speak_clock, text)
    return _WHOLE_HOUR.sub(lambda m: f"{cardinal(m['hour'])} {m['half'].upper()} M", text)


def speak_years(text: str) -> str:
    """Speak decades, years of an era, spans of years and four digits that look like a year."""
    text = _HUNDREDS.sub(lambda m: plural(year(f"{m[1]}00")), text)
    text = _DECADE.sub(_speak_decade, text)
    text = _ERA.sub(_speak_era, text)
    text = _YEAR_RANGE.sub(_speak_span, text)
    return _PLAIN_YEAR.sub(lambda m: year(m["year"]), text)


def _month(name: str) -> str:
    return next(month for month in _MONTHS if month.startswith(name[:3]))


def _date(month: str, day: str, in_year: str | None) -> str:
    tail = f", {year(in_year) if in_year[0] in '12' else cardinal(in_year)}" if in_year else ""
    return f"{month} {ordinal(day)}{tail}"


def _speak_iso(match: re.Match[str]) -> str:
    return _date(_MONTHS[int(match["month"]) - 1], match["day"], match["year"]) + (
        " at " if match["time"] else ""
    )


def _speak_slashed(match: re.Match[str]) -> str:
    month, day = int(match["first"]), int(match["second"])
    if month > len(_MONTHS):
        month, day = day, month
    if not (1 <= month <= len(_MONTHS) and 1 <= day <= 31):  # noqa: PLR2004 - a month's last day
        return match.group()
    return _date(_MONTHS[month - 1], str(day), match["year"])


def _speak_written(match: re.Match[str]) -> str:
    month = _month(match["month"])
    if match["the"]:
        spoken = f"the {ordinal(match['day'])} of {month}"
        if match.re is _MONTH_FIRST:
            spoken = f"{month} the {ordinal(match['day'])}"
        return f"{spoken}, {year(match['year'])}" if match["year"] else spoken
    return _date(month, match["day"], match["year"])


def _speak_clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    half = f" {match['half'].upper()} M" if match["half"] else ""
    if not half and (hour > _NOON or hour == 0):
        half = " A M" if hour in (0, 24) else " P M"
    hour = hour % _NOON or _NOON
    spoken = cardinal(str(hour))
    if minute == "00":
        spoken += "" if half or match["second"] else " o'clock"
    else:
        spoken += f" oh {cardinal(minute)}" if minute[0] == "0" else f" {cardinal(minute)}"
    if int(match["second"] or 0):
        spoken += f" and {cardinal(match['second'])} seconds"
    return spoken + half


def _speak_decade(match: re.Match[str]) -> str:
    decade = plural(cardinal(f"{match['decade']}0"))
    return f"{cardinal(match['century'])} {decade}" if match["century"] else decade


def _speak_era(match: re.Match[str]) -> str:
    number = match["year"]
    spoken = year(number) if len(number) == 4 else cardinal(number)  # noqa: PLR2004 - digits of a year
    return f"{spoken} {' '.join(match['era'])}"


def _speak_span(match: re.Match[str]) -> str:
    until = match[2]
    return f"{year(match[1])} to {cardinal(until) if len(until) == 2 else year(until)}"  # noqa: PLR2004
