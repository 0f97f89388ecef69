"""Read numbers with units aloud."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voxgate.text.english.fractions import fraction
from voxgate.text.english.nouns import noun_follows
from voxgate.text.english.numbers import NUMBER, cardinal, is_one, number
from voxgate.text.english.sentence_ends import point_after
from voxgate.text.english.units import AREA_UNITS, PER_UNITS, UNITS
from voxgate.text.english.years import IN_TIME

__all__ = ["speak_units"]


def _any(symbols: Iterable[str]) -> str:
    return "|".join(sorted((re.escape(symbol) for symbol in symbols), key=len, reverse=True))


_UNIT, _AREA, _PER = _any(UNITS), _any(AREA_UNITS), _any(PER_UNITS)
_MEASURE = rf"(?:(?P<area>{_AREA})\^(?P<power>[23])|(?P<unit>{_UNIT}))(?:/(?P<per>{_PER}))?"
_POINT = (
    r"(?:(?<=[a-zA-Z])\.(?=\s+[a-z]|\s*[,;:]|\)\s*\w)"
    r"|(?<=\b(?:ft|lb|oz|hr|yr))\.(?=\s\d)|(?<=\b(?:min|sec|lbs|hrs))\.(?=\s\d))?"
)
"""The point of an abbreviation; before a capital letter, or at the end, it is the sentence's."""
_BEFORE = r"(?<![\w.,])"
_WITH_UNIT = re.compile(
    rf"(?P<article>\b(?:[Aa]|[Aa]n) )?{_BEFORE}(?P<sign>(?<![\w)])-)?(?P<range>{NUMBER}\s?-\s?)?"
    rf"(?P<amount>{NUMBER})\s?(?P<joined>-?){_MEASURE}(?![\w°^]|/\w)"
    rf"(?!'\w|\.\w){_POINT}(?P<noun> (?=[a-z]{{3,}}\b))?"
)
_BETWEEN = re.compile(
    rf"(?P<low>{_BEFORE}{NUMBER}\s?(?:%|°[CF]?|[kcm]?m|k?g|[kMG]?Hz|[kMGT]B|[hs]|min|ft|in|lbs?|oz|mph|km/h|k?V|k?W|mg|ml|L|hrs?|yrs?|k))"
    r"\s?-\s?(?=-?\.?\d)"
)
_INCHES = re.compile(
    rf"{_BEFORE}(?P<amount>{NUMBER})(?:\s?in\b(?=\s*$|\s?[,;:)\"!?]|\.(?:\s|$|[\"')])|\.? "
    rf"(?:long|wide|tall|high|deep|thick|"
    r"in diameter|across|of rain|of snow|x|by|times)\b)|-in\b)(?:\.(?!\w))?"
)
_INCHES_AFTER_FEET = re.compile(r"(?<=\bfeet )(?P<amount>\d{1,2})\s?in\b(?:\.(?!\w))?")
_INCH_MARK = re.compile(r"(?<![\w.,/])(\d{1,3}(?:\.\d+)?)\"")
_OPEN_QUOTE = re.compile(r'(?:^|[\s(])"(?!\s)(?:[^"]|(?<=\d)")*$')
_ARTICLE = re.compile(r"\b[Aa]n? $")
_FRACTION_OF_UNIT = re.compile(
    rf"(?<![\w./,-])(?:(?P<whole>\d{{1,4}})[ -])?(?P<top>\d{{1,2}})/(?P<bottom>\d{{1,3}})[ -]?"
    rf"(?:{_MEASURE}(?![\w°^]|/\w)(?!'\w|\.\w){_POINT}"
    rf"|(?P<inches>in\b(?=\s*$|\s?[,;:)!?]|\.(?:\s|$))|\"(?!\w)))"
)
_FEET = re.compile(r"(?<![\w.,'])(\d{1,2})'\s?(\d|1[01])(?:\"|'')")
_FEET_ONLY = re.compile(
    r"(?<![\w.,'])(\d{1,3})'(?=\s?(?:x|by|long|wide|tall|high|deep)\b|\s?x\s?\d)"
)
_SECONDS = re.compile(
    rf"(?P<article>\b[Aa] )?(?<![\w.,'])(?<!Phone )(?!(?:1\d|20)\d0s)(?P<amount>{NUMBER})"
    rf"(?P<blank>\s?)s\b(?!'\w|\.\w|/)(?:\.(?=\s+[a-z]))?"
)
_PLURAL_BEFORE = re.compile(
    r"(?i:\b(?:the|his|her|their|my|our|your|its|these|those|early|mid|late|low|high|upper|lower|two|three|"
    r"four|five|six|all|some|many|pairs of|rows? of|by) |-)$"
)
_DECADES = frozenset("20 30 40 50 60 70 80 90".split())
_HOURS_MINUTES = re.compile(
    r"(?<![\w.,:])(?P<hours>\d{1,3}) ?h(?: ?(?P<minutes>[0-5]?\d)(?: ?m(?:in)?)?)\b(?: ?"
    r"(?P<seconds>[0-5]?\d) ?s(?:ec)?\b)?"
)
_MINUTES_SECONDS = re.compile(
    r"(?<![\w.,:])(?P<minutes>\d{1,3}) ?m(?:in)? ?(?P<seconds>[0-5]?\d) ?s(?:ec)?\b"
)
_COMPASS = re.compile(r"(?<=[\d°] )([NSEW])\b(?=\s*(?:$|[,.;)]))|(?<=°)([NSEW])\b")
_DIRECTIONS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_PER_WORD = re.compile(
    r"(?<=\bper )(lb|kg|oz|hr|min|sec|km|mi|gal|sq ft|mg|ml)\b(?:\.(?=\s+[a-z]))?"
)
_ABOUT = re.compile(r"(?<!\w)~\s?(?=[$€£¥-]?\.?\d)")
_TIMES = re.compile(r"(?<=[\d)]) \* (?=-?\d)|(?<=\d)\*(?=\d)|(?<=\d) x (?=\d)")
_BY = re.compile(r"(?<=\d)x(?=\d)|(?<=\d['\"])\s?x\s?(?=\d)")
_DEGREES = re.compile(r"(?<=\bdegrees )([CF])\b(?!#|')")
_WINDOW = 16
_QUOTED = 200


def speak_units(text: str) -> str:
    """Speak units after a number: "16 kHz" becomes "sixteen kilohertz"."""
    text = _BY.sub(" by ", _TIMES.sub(" times ", _ABOUT.sub(" about ", text)))
    text = _BETWEEN.sub(r"\g<low> to ", text)
    text = _FRACTION_OF_UNIT.sub(_speak_fraction_of_unit, text)
    text = _FEET.sub(lambda m: f"{cardinal(m[1])} foot {cardinal(m[2])}", text)
    text = _FEET_ONLY.sub(lambda m: f"{cardinal(m[1])} feet", text)
    text = _INCH_MARK.sub(_speak_inch_mark, text)
    text = _HOURS_MINUTES.sub(_speak_duration, text)
    text = _MINUTES_SECONDS.sub(_speak_duration, text)
    text = _SECONDS.sub(_speak_seconds, text)
    if "°" in text:
        text = _COMPASS.sub(lambda m: f" {_DIRECTIONS[m[1] or m[2]]}", text)
    text = _DEGREES.sub(lambda m: {"C": "Celsius", "F": "Fahrenheit"}[m[1]], text)
    text = _PER_WORD.sub(lambda m: PER_UNITS[m[1]], text)
    text = _WITH_UNIT.sub(_speak_unit, text)
    text = _INCHES_AFTER_FEET.sub(_speak_inches, text)
    return _INCHES.sub(_speak_inches, text)


def _speak_unit(match: re.Match[str]) -> str:
    one, many = _names(match)
    if match["per"]:
        one, many = (f"{name} per {PER_UNITS[match['per']]}" for name in (one, many))
    low = f"{number(match['range'].rstrip(' -'))} to " if match["range"] else ""
    singular = (is_one(match["amount"]) and not low) or _stands_before_noun(match)
    article, sign = match["article"] or "", "minus " if match["sign"] else ""
    rest = " " if match["noun"] else ""
    return f"{article}{sign}{low}{number(match['amount'])} {one if singular else many}{rest}"


def _speak_fraction_of_unit(match: re.Match[str]) -> str:
    """Speak "1/2 tsp" and "2 1/2 kg": what is less than one has its unit in the singular."""
    one, many = ("inch", "inches") if match["inches"] else _names(match)
    if match["per"]:
        one, many = (f"{name} per {PER_UNITS[match['per']]}" for name in (one, many))
    part = fraction(match["top"], match["bottom"])
    if match["whole"]:
        return f"{cardinal(match['whole'])} and {part} {many}"
    return f"{part} {one}"


def _names(match: re.Match[str]) -> tuple[str, str]:
    if match["unit"]:
        return UNITS[match["unit"]]
    how = "square" if match["power"] == "2" else "cubic"
    one, many = AREA_UNITS[match["area"]]
    return f"{how} {one}", f"{how} {many}"


def _stands_before_noun(match: re.Match[str]) -> bool:
    """Tell "a 5 km run" and "a 60-W bulb" from "I ran 5 km with her"."""
    if match["joined"] and match["unit"] != "%":
        return True
    return bool(match["article"] and match["noun"]) and noun_follows(match.string, match.end())


def _speak_inches(match: re.Match[str]) -> str:
    joined = "-" in match.group()
    name = "inch" if is_one(match["amount"]) or joined else "inches"
    return f"{number(match['amount'])} {name}{point_after(match, before_any_capital=True)}"


def _speak_inch_mark(match: re.Match[str]) -> str:
    """Tell inches from a quotation's end: there, an opening mark stands before it."""
    before = match.string[max(0, match.start() - _QUOTED) : match.start()]
    if _OPEN_QUOTE.search(before):
        return match.group()
    return f"{match[1]} {'inch' if match[1] == '1' or _ARTICLE.search(before) else 'inches'} "


def _speak_duration(match: re.Match[str]) -> str:
    spoken = []
    for name in ("hour", "minute", "second"):
        amount = match.groupdict().get(f"{name}s")
        if amount:
            spoken.append(f"{cardinal(amount)} {name}{'' if is_one(amount) else 's'}")
    return " ".join(spoken)


def _speak_seconds(match: re.Match[str]) -> str:
    amount, article = match["amount"], match["article"] or ""
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if not match["blank"] and "." not in amount:
        is_decade = amount in _DECADES and not article and not IN_TIME.search(before)
        if is_decade or _PLURAL_BEFORE.search(before):
            return match.group()
    singular = is_one(amount) or (article and noun_follows(match.string, match.end()))
    return f"{article}{number(amount)} {'second' if singular else 'seconds'}"
