"""Speak Roman numerals where a number is meant, and leave words and initials alone."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, ordinal, year
from voxgate.text.english.sentence_ends import OPENERS

__all__ = ["expand_roman_numerals"]

_END = r"\b(?:(?P<own>'s)\b|(?!['.]\w))(?! [A-Z]\b(?!'))(?!-?\d)"
"""Not before a single capital letter: that is the rest of what was spelled ("V I I I")."""

_CANONICAL = (
    r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?<=[IVXLCDM])\b"
)
_SMALL = r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])\b"
_SEVERAL = r"(?=[IVXL]{2})(?!XL\b|LI\b|LV\b|LX\b)L?X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])\b"
_WORDS = r"(?!(?:MIX|DI|MI|CD|DC|MD|MC|CV|DM|MM|CM|LI|CC|DIV|MD|ML|CL|DL|C|D|L|M)\b)"
"""Canonical numerals that are words, letters or other abbreviations far more often."""

_KINDS = (
    "chapters?|parts?|acts?|scenes?|volumes?|vol\\.|sections?|phases?|wars?|books?|episodes?|seasons?|levels?|"
    "appendix|appendices|stages?|articles?|titles?|class|types?|category|categories|grades?|tiers?|rounds?|bowl|"
    "figures?|tables?|plates?|cantos?|schedules?|quadrants?|factors?|collagen|mark|council|"
    "symphony|olympiad|amendments?|parts?"
)
_NUMBERED = re.compile(
    rf"\b(?P<kind>(?i:{_KINDS})) (?!I\s+(?!was\b"
    rf"|and\b|is\b|ended\b|began\b|to\b|through\b|or\b|of\b))"
    rf"{_WORDS}(?P<numeral>{_CANONICAL}){_END}"
)
_LISTED = re.compile(
    rf"(?P<before>\b(?i:{_KINDS}) [a-z]+(?:[ -][a-z]+){{0,3}}?)(?P<join> ?- ?|,? "
    rf"(?:and|or|to|through) |, )"
    rf"{_WORDS}(?P<numeral>{_CANONICAL}){_END}"
)
_RULERS = (
    "Henry|Louis|Charles|George|Edward|William|James|Richard|Elizabeth|Philip|Paul|Pius|Benedict|"
    "Alexander|Peter|Catherine|Frederick|Napoleon|Leo|Gregory|Francis|Ferdinand|Nicholas|Ivan|Otto|"
    "Albert|Alfonso|Amenhotep|Boniface|Christian|Clement|Cleopatra|Constantine|Darius|Friedrich|"
    "Gustav|Haakon|Harald|Innocent|Joseph|Julius|Leopold|Margaret|Mary|Maximilian|Mehmed|Olaf|"
    "Pedro|Ptolemy|Rameses|Ramses|Rudolf|Sixtus|Theodosius|Thutmose|Umberto|Urban|Wilhelm|Xerxes|"
    "Emmanuel|Carlos|John|Robert|Edmund|Isabella|Justinian|Suleiman|Murad|Selim|Harold|Carl"
)
_TITLED = r"(?:King|Queen|Pope|Emperor|Empress|Tsar|Czar|Prince|Sultan|Pharaoh|Kaiser|Shah)"
_RULER = re.compile(
    rf"\b(?P<name>{_RULERS}|{_TITLED} [A-Z][a-z]+) (?!I\b)(?P<numeral>{_SMALL}){_END}"
)
_THE_FIRST = re.compile(
    rf"\b(?P<name>{_TITLED} [A-Z][a-z]+|{_RULERS}) (?P<numeral>I)\b(?:(?P<own>'s)\b|(?!')"
    r"(?=\s*[,;:!?)]|\.?\s*$|\.\s+[A-Z]| (?:of|became|reigned|ruled|died|and his|and her)\b))"
)
_FIRST_NAMES = (
    "John|James|Robert|Michael|William|David|Richard|Joseph|Thomas|Charles|Christopher|Daniel|Matthew|"
    "Anthony|Mark|Donald|Steven|Andrew|Paul|Joshua|Kenneth|Kevin|Brian|George|Timothy|Edward|Ronald|"
    "Jason|Jeffrey|Ryan|Jacob|Gary|Nicholas|Eric|Stephen|Jonathan|Larry|Justin|Scott|Brandon|Frank|"
    "Benjamin|Gregory|Samuel|Raymond|Patrick|Alexander|Jack|Henry|Walter|Peter|Howard|Thurston|Ralph"
)
_HEIR = re.compile(
    rf"\b(?P<name>(?:{_FIRST_NAMES})(?: [A-Z]\.?)? [A-Z][a-z]+),? (?P<numeral>II|III|IV|VI?){_END}"
)
_SEQUEL = re.compile(rf"\b(?P<kind>(?!(?:{OPENERS}) )[A-Z][a-z]+) (?P<numeral>{_SEVERAL}){_END}")
_AGE = re.compile(
    rf"\b(?P<numeral>{_CANONICAL})(?:th|st|nd|rd)?(?= "
    rf"(?:century|centuries|dynasty|arrondissement|Century|Dynasty|Olympiad|"
    r"Amendment|Olympic|Corps|Congress)\b)"
)
_SUFFIXED = re.compile(
    r"\b(?P<numeral>(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{1,3}))(?:th|nd|rd|st)\b"
)
_IN_YEAR = re.compile(
    r"\b(?P<numeral>(?=MC?M|MDC|MM[XLVI])(?=[MDCLXVI]{4})M{1,2}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))\b(?!')"
)
_ALONE = re.compile(rf"(?<![\w'.-])(?P<numeral>II|X{{0,2}}V?III|X{{1,2}}V?II|X{{1,2}}IV){_END}")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def expand_roman_numerals(text: str) -> str:
    """Speak Roman numerals after a word that is numbered ("chapter"), a ruler or another name.

    "I" is a pronoun and single letters are initials unless such a word stands before them.
    """
    text = _NUMBERED.sub(lambda m: f"{m['kind']} {_cardinal(m)}", text)
    for _ in range(2):  # "Acts I, II and III": each numeral makes the next one plain
        text = _LISTED.sub(
            lambda m: f"{m['before']}{' to ' if '-' in m['join'] else m['join']}{_cardinal(m)}",
            text,
        )
    text = _AGE.sub(lambda m: ordinal(_roman(m["numeral"])), text)
    text = _SUFFIXED.sub(lambda m: ordinal(_roman(m["numeral"])), text)
    for pattern in (_HEIR, _RULER, _THE_FIRST):
        text = pattern.sub(
            lambda m: f"{m['name']} the {ordinal(_roman(m['numeral']))}{m['own'] or ''}", text
        )
    text = _SEQUEL.sub(lambda m: f"{m['kind']} {_cardinal(m)}", text)
    text = _IN_YEAR.sub(lambda m: year(_roman(m["numeral"])), text)
    return _ALONE.sub(_cardinal, text)


def _cardinal(match: re.Match[str]) -> str:
    return f"{cardinal(_roman(match['numeral']))}{match['own'] or ''}"


def _roman(numeral: str) -> str:
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return str(sum(-v if v < after else v for v, after in zip(values, following, strict=True)))
