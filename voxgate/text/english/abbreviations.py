"""Write out titles, companies, weekdays, months and Latin abbreviations."""

from __future__ import annotations

import re

from voxgate.text.english.dates import MONTH, month_name
from voxgate.text.english.places import STREETS
from voxgate.text.english.sentence_ends import OPENERS, point_after

__all__ = ["expand_abbreviations"]

_BEFORE_NAME = {
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Prof": "Professor",
    "Rev": "Reverend",
    "Hon": "Honorable",
    "Gen": "General",
    "Col": "Colonel",
    "Capt": "Captain",
    "Cpt": "Captain",
    "Cmdr": "Commander",
    "Maj": "Major",
    "Lt": "Lieutenant",
    "Sgt": "Sergeant",
    "Cpl": "Corporal",
    "Pvt": "Private",
    "Adm": "Admiral",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Pres": "President",
    "Supt": "Superintendent",
    "Messrs": "Messieurs",
    "St": "Saint",
    "Ft": "Fort",
    "Mt": "Mount",
}
"""Titles: an abbreviation, a point, a name."""

_AFTER_NAME = {
    **STREETS,
    "Jr": "Junior",
    "Sr": "Senior",
    "Esq": "Esquire",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
    "Bros": "Brothers",
    "Univ": "University",
}

_ANYWHERE = {
    r"e\.\s?g\.": "for example",
    r"i\.\s?e\.": "that is",
    r"etc\b\.?": "et cetera",
    r"et al\.": "et al",
    r"vs\b\.?": "versus",
    r"approx\.": "approximately",
    r"dept\.": "department",
    r"est\.(?= \d)": "established",
    r"max\.": "maximum",
    r"min\.": "minimum",
    r"avg\.": "average",
    r"ext\.": "extension",
    r"tel\.": "telephone",
    r"incl\.": "including",
    r"misc\.": "miscellaneous",
    r"govt\.": "government",
    r"acct\b\.?": "account",
    r"mgmt\.": "management",
    r"assn\.": "association",
    r"temp\.(?= (?:of|is|was|rose|fell|\d))": "temperature",
    r"viz\.": "namely",
    r"ca?\.(?= ?\d)": "circa",
    r"cf\.": "compare",
    r"figs\.(?=\s?\d)": "figures",
    r"fig\.(?=\s?\d)": "figure",
    r"vols\.(?=\s?\d)": "volumes",
    r"vol\.(?=\s?[\dIVXL])": "volume",
    r"eq\.(?=\s?\d)": "equation",
    r"sec\.(?=\s?\d)": "section",
    r"pp\.(?=\s?\d)": "pages",
    r"pgs?\.(?=\s?\d)": "page",
    r"p\.(?=\s?\d)": "page",
    r"ch\.(?=\s?[\dIVXL])": "chapter",
    r"Ph\.\s?D\b\.?": "P H D",
    r"PhDs\b": "P H D's",
    r"PhD\b": "P H D",
    r"M\.\s?Sc\.": "M S C",
    r"B\.\s?Sc\.": "B S C",
    r"WWII\b": "World War two",
    r"WWI\b": "World War one",
    r"w/o(?!\w)": "without",
    r"w/(?=\s)": "with",
    r"c/o(?=\s)": "care of",
}
_DAYS = {"Mon": "Monday", "Tues?": "Tuesday", "Wed": "Wednesday", "Thu(?:rs?)?": "Thursday"}
_DAYS |= {"Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"}
_END = r"(?<![a-z](?=[A-Za-z0-9]))"
"""No abbreviation is the beginning of a word."""
_DAY = "|".join(_DAYS)
_FULL_DAY = "|".join(_DAYS.values())
_MONTH = MONTH.replace("(?:", "", 1)[:-1]

_NAMES = "|".join(_BEFORE_NAME)
_TITLE = re.compile(rf"\b({_NAMES})\.\s?(?=[A-Z])")
_COUPLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof)\.(?= (?:&|and) )")
_SAINT = re.compile(r"(?:^|(?<=[.,!?;:] )|(?<=[a-z] ))St (?=[A-Z][a-z])")
_DAYS_SPAN = re.compile(rf"\b((?:{_DAY})|{_FULL_DAY})\.?\s?-\s?((?:{_DAY})|{_FULL_DAY})\b\.?(?!\w)")
_MONTHS_SPAN = re.compile(rf"\b({_MONTH})\.?\s?-\s?({_MONTH})\b\.?(?![\w-])(?! \d)")
_TITLE_ALONE = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof)\b\.?(?= [A-Z])")
_DOCTOR = re.compile(r"(?:(?<=[a-z] )|(?<=, ))(Dr|Prof|Capt|Gov|Sgt)\b(?:\.(?!\w)|(?= [a-z]))")
_SUFFIX = re.compile(rf"(?<=[A-Za-z,\d)]) ({'|'.join(_AFTER_NAME)})\.(?!\w)")
_JUNIOR = re.compile(r"(?<=[A-Za-z,]) (Jr|Sr|Inc|Ltd|Corp)\b(?!\.|')")
_WEEKDAY = re.compile(rf"(?P<the>\b[Tt]he )?\b(?P<day>{_DAY})\.(?=,?\s|,|\s*$)")
_LONE_MONTH = re.compile(
    r"\b(?P<month>Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.(?=[\s,)]|$)"
)
_WORDS = [
    (re.compile(rf"(?<![\w.])(?:{key}|{key[0].upper()}{key[1:]}){_END}"), words)
    for key, words in _ANYWHERE.items()
]
_OPENER = re.compile(rf"\s(?:{OPENERS})\b(?!(?<=\s[AI])\.)")
_HOUSE = re.compile(r"\d+\w? (?:[A-Z][a-z]+ ){1,3}$")
_MAY_END = frozenset(("et cetera",))
"""What stands before names so seldom that any capital letter behind it opens a sentence."""
_WINDOW = 60


def expand_abbreviations(text: str) -> str:
    """Write out titles, places, companies, weekdays, months and Latin abbreviations.

    "St." and "Dr." are a title before a capital letter, else a street. An abbreviation's point
    that also ends a sentence stays as the sentence's point.
    """
    text = _TITLE.sub(_expand_title, text)
    text = _COUPLE.sub(lambda m: _BEFORE_NAME[m[1]], text)
    text = _SAINT.sub("Saint ", text)
    text = _DAYS_SPAN.sub(
        lambda m: f"{_day(m[1])} to {_day(m[2])}{point_after(m, before_any_capital=True)}", text
    )
    text = _MONTHS_SPAN.sub(
        lambda m: (
            f"{month_name(m[1])} to {month_name(m[2])}{point_after(m, before_any_capital=True)}"
        ),
        text,
    )
    text = _TITLE_ALONE.sub(_expand_title_alone, text)
    text = _DOCTOR.sub(lambda m: f"{_BEFORE_NAME[m[1]].lower()}{point_after(m)}", text)
    text = _SUFFIX.sub(lambda m: f" {_AFTER_NAME[m[1]]}{point_after(m)}", text)
    text = _JUNIOR.sub(lambda m: f" {_AFTER_NAME[m[1]]}", text)
    text = _WEEKDAY.sub(_expand_day, text)
    text = _LONE_MONTH.sub(lambda m: f"{month_name(m['month'])}{point_after(m)}", text)
    for pattern, words in _WORDS:
        text = pattern.sub(lambda m, words=words: _expand_word(m, words), text)  # type: ignore[misc]
    return text


def _day(name: str) -> str:
    return next(day for day in _DAYS.values() if day.startswith(name[:3]))


def _expand_day(match: re.Match[str]) -> str:
    """Write a weekday out, but not "the Sun." in the sky."""
    if match["the"]:
        return match.group()
    return f"{_day(match['day'])}{point_after(match)}"


def _expand_title(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    is_street = match[1] in ("St", "Dr") and _HOUSE.search(before)
    if _opens_sentence(match) and before.endswith(("the ", "a ", ", ")):
        return f"{_BEFORE_NAME[match[1]].lower()}. "
    if match[1] in STREETS and _opens_sentence(match) and re.search(r"[A-Z]\w* $", before):
        return f"{STREETS[match[1]]}. "
    return f"{_AFTER_NAME[match[1]] if is_street else _BEFORE_NAME[match[1]]} "


def _opens_sentence(match: re.Match[str]) -> bool:
    return _OPENER.match(match.string, match.end() - 1) is not None


def _expand_title_alone(match: re.Match[str]) -> str:
    if _OPENER.match(match.string, match.end()):
        return match.group()
    return _BEFORE_NAME[match[1]]


def _expand_word(match: re.Match[str], words: str) -> str:
    spoken = words[0].upper() + words[1:] if match.group()[0].isupper() else words
    return spoken + point_after(match, before_any_capital=words in _MAY_END)
