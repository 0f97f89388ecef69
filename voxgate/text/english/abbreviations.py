"""Write out abbreviations and Roman numerals."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, ordinal

__all__ = ["expand_abbreviations", "expand_roman_numerals"]

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
    "Lt": "Lieutenant",
    "Sgt": "Sergeant",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Pres": "President",
    "St": "Saint",
    "Ft": "Fort",
    "Mt": "Mount",
}
"""Titles: an abbreviation, a point, a name."""

_AFTER_NAME = {
    "St": "Street",
    "Dr": "Drive",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Ln": "Lane",
    "Hwy": "Highway",
    "Jr": "Junior",
    "Sr": "Senior",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
    "Bros": "Brothers",
    "Univ": "University",
}

_ANYWHERE = {
    r"e\.g\.": "for example",
    r"i\.e\.": "that is",
    r"etc\b\.?": "et cetera",
    r"vs\b\.?": "versus",
    r"approx\.": "approximately",
    r"dept\.": "department",
    r"est\.": "established",
    r"max\.": "maximum",
    r"min\.": "minimum",
    r"ext\.": "extension",
    r"tel\.": "telephone",
    r"incl\.": "including",
    r"misc\.": "miscellaneous",
    r"cf\.": "compare",
    r"fig\.(?=\s?\d)": "figure",
    r"vol\.(?=\s?\d)": "volume",
    r"pp\.(?=\s?\d)": "pages",
    r"p\.(?=\s?\d)": "page",
    r"ch\.(?=\s?\d)": "chapter",
    r"Ph\.\s?D\.": "P H D",
    r"M\.\s?Sc\.": "M S C",
    r"B\.\s?Sc\.": "B S C",
    r"WWII\b": "World War two",
    r"WWI\b": "World War one",
    r"w/o(?!\w)": "without",
    r"w/(?=\s)": "with",
}
_DAYS = {"Mon": "Monday", "Tues?": "Tuesday", "Wed": "Wednesday", "Thu(?:rs?)?": "Thursday"}
_DAYS |= {"Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"}

_TITLE = re.compile(rf"\b({'|'.join(_BEFORE_NAME)})\.\s?(?=[A-Z])")
_COUPLE = re.compile(r"\b(Mr|Mrs|Ms|Dr)\.(?= (?:&|and) )")
_SAINT = re.compile(r"(?:^|(?<=[.,!?;:] )|(?<=[a-z] ))St (?=[A-Z][a-z])")
_DAYS_SPAN = re.compile(rf"\b({'|'.join(_DAYS)})\.?\s?-\s?({'|'.join(_DAYS)})\b\.?")
_TITLE_ALONE = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof)\b\.?(?= [A-Z])")
_SUFFIX = re.compile(rf"(?<=[A-Za-z,\d]) ({'|'.join(_AFTER_NAME)})\.(?P<end>\s*$|(?=\s+[A-Z]))?")
_DAY = re.compile(rf"\b({'|'.join(_DAYS)})\.(?=,?\s)")
_WORDS = [
    (re.compile(rf"(?<![\w.])(?:{key}|{key[0].upper()}{key[1:]})"), words)
    for key, words in _ANYWHERE.items()
]
_SENTENCE_ENDS = re.compile(r"\s*$")

_ROMAN = r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])\b(?!['.]\w)"
_NUMBERED = re.compile(
    r"\b(?i:(chapter|part|act|scene|volume|section|phase|war|book|episode|season|level|appendix|stage|"
    r"article|title|class|type|category|grade|tier|round|bowl)) "
    rf"(?!I\s+(?!was\b|and\b|is\b|ended\b|began\b))({_ROMAN})"
)
_RULERS = (
    "Henry|Louis|Charles|George|Edward|William|James|Richard|Elizabeth|Philip|Paul|Pius|Benedict|"
    "Alexander|Peter|Catherine|Frederick|Napoleon|Leo|Gregory|Francis|Ferdinand|Nicholas|Ivan|Otto"
)
_RULER = re.compile(rf"\b({_RULERS}) (?!I\b)({_ROMAN})")
_SEQUEL = re.compile(
    r"\b([A-Z][a-z]+) (II|III|IV|VI{1,3}|IX|XI{1,3}|XI?V|XVI{1,3}|XIX|XXI?)\b(?!['.]\w)"
)
_VALUES = {"I": 1, "V": 5, "X": 10}


def expand_abbreviations(text: str) -> str:
    """Write out titles, places, companies, weekdays and Latin abbreviations.

    "St." and "Dr." are a title before a capital letter, else a street. An abbreviation's point
    that also ends the text stays as the sentence's point.
    """
    text = _TITLE.sub(_expand_title, text)
    text = _COUPLE.sub(lambda m: _BEFORE_NAME[m[1]], text)
    text = _SAINT.sub("Saint ", text)
    text = _DAYS_SPAN.sub(lambda m: f"{_day(m[1])} to {_day(m[2])}", text)
    text = _TITLE_ALONE.sub(lambda m: _BEFORE_NAME[m[1]], text)
    text = _SUFFIX.sub(lambda m: f" {_AFTER_NAME[m[1]]}{'.' if m['end'] is not None else ''}", text)
    text = _DAY.sub(lambda m: _day(m[1]), text)
    for pattern, words in _WORDS:
        text = pattern.sub(lambda m, words=words: _at_end(m, words), text)  # type: ignore[misc]
    return text


def expand_roman_numerals(text: str) -> str:
    """Speak Roman numerals after a word that is numbered ("chapter"), a ruler or another name."""
    text = _NUMBERED.sub(lambda m: f"{m[1]} {cardinal(str(_roman(m[2])))}", text)
    text = _RULER.sub(lambda m: f"{m[1]} the {ordinal(str(_roman(m[2])))}", text)
    return _SEQUEL.sub(lambda m: f"{m[1]} {cardinal(str(_roman(m[2])))}", text)


def _day(name: str) -> str:
    return next(day for day in _DAYS.values() if day.startswith(name[:3]))


def _expand_title(match: re.Match[str]) -> str:
    before = match.string[: match.start()]
    is_street = match[1] in ("St", "Dr") and re.search(r"\d+ (?:[A-Z][a-z]+ )+$", before)
    return f"{_AFTER_NAME[match[1]] if is_street else _BEFORE_NAME[match[1]]} "


def _at_end(match: re.Match[str], words: str) -> str:
    if match.group()[0].isupper():
        words = words[0].upper() + words[1:]
    if not match.group().endswith("."):
        return words
    ends = _SENTENCE_ENDS.match(match.string, match.end())
    return f"{words}." if ends else words


def _roman(numeral: str) -> int:
    values = [_VALUES[letter.upper()] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
