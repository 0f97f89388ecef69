"""Read years, decades and spans of years aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, plural, year

__all__ = ["IN_TIME", "speak_years"]

_HUNDREDS = re.compile(r"(?<![\w.,])(1[1-9]|20)00'?s\b")
_DECADE = re.compile(
    r"(?<![\w.,])(?:(?P<century>1[0-9]|20)(?P<decade>[1-9])0|'?(?P<short>[2-9])0)'?s\b(?!\w)"
)
_ERA = re.compile(r"(?<![\w.,])(?P<year>\d{1,4}) ?(?P<era>BCE|BC|CE|AD)\b")
_PLAIN_YEAR = re.compile(r"(?<![\w.,/:+$£€-])(?P<year>1[1-9]\d\d|20\d\d)(?![\w/:]|[.,]\d|-\d)")
_MID_YEAR = re.compile(r"(?<=\b[Mm]id-)(?P<year>1[1-9]\d\d|20\d\d)(?![\w/:]|[.,]\d|-\d)")
_SPAN = re.compile(
    r"(?<![\w.,/:$€£-])(?P<from>1[1-9]\d\d|20\d\d) ?- ?(?P<to>1[1-9]\d\d|20\d\d|\d\d)"
    r"(?![\w/:-]|[.,]\d)"
)
_SEASON = re.compile(
    r"(?<![\w.,/:$€£-])(?P<from>1[1-9]\d\d|20\d\d)/(?P<to>(?:19|20)?\d\d)(?![\w/:-]|[.,]\d)"
)
_SHORT_SPAN = re.compile(r"(?<!\w)'(\d\d)\s?-\s?'?(\d\d)(?![\w'-])")
_SHORT = re.compile(r"(?<![\w'])'(?P<year>[0-9]\d)(?![\w'])(?!\.\d)")
IN_TIME = re.compile(
    r"(?i:\b(?:in|for|after|within|every|about|takes|took|take|wait|waited|waits|lasts|lasted|least|most|"
    r"under|over|than|another|only|just|around|approximately|roughly|exactly) |[~<>] ?)$"
)
"""Before "30s": seconds, and not the thirties."""
_WINDOW = 16


def speak_years(text: str) -> str:
    """Speak decades, years of an era, spans of years and four digits that look like a year."""
    text = _HUNDREDS.sub(lambda m: plural(year(f"{m[1]}00")), text)
    text = _DECADE.sub(_speak_decade, text)
    text = _ERA.sub(_speak_era, text)
    text = _SEASON.sub(_speak_season, _SPAN.sub(_speak_span, text))
    text = _SHORT_SPAN.sub(r"'\1 to '\2", text)
    text = _SHORT.sub(lambda m: _short(m["year"]), text)
    text = _MID_YEAR.sub(lambda m: year(m["year"]), text)
    return _PLAIN_YEAR.sub(lambda m: year(m["year"]), text)


def _speak_decade(match: re.Match[str]) -> str:
    if match["short"]:
        before = match.string[max(0, match.start() - _WINDOW) : match.start()]
        if "'" not in match.group() and IN_TIME.search(before):
            return match.group()
        return plural(cardinal(f"{match['short']}0"))
    return f"{cardinal(match['century'])} {plural(cardinal(match['decade'] + '0'))}"


def _speak_era(match: re.Match[str]) -> str:
    number = match["year"]
    spoken = year(number) if len(number) == 4 else cardinal(number)  # noqa: PLR2004 - digits of a year
    return f"{spoken} {' '.join(match['era'])}"


def _speak_span(match: re.Match[str]) -> str:
    return f"{year(match['from'])} to {_until(match['from'], match['to'])}"


def _speak_season(match: re.Match[str]) -> str:
    """Speak 2020/21; other four digits over two are a fraction."""
    start, end = match["from"], match["to"]
    following = str(int(start) + 1)
    return _speak_span(match) if end in (following, following[2:]) else match.group()


def _until(start: str, end: str) -> str:
    if end == "00":
        return year(str(int(start[:2]) + 1) + end)
    if len(end) == 2:  # noqa: PLR2004
        return _short(end)
    return year(end)


def _short(two_digits: str) -> str:
    spoken = cardinal(two_digits)
    return f"oh {spoken}" if two_digits[0] == "0" else spoken
