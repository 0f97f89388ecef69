"""Read ordinals, signs before numbers and plain numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import NUMBER, cardinal, number, ordinal, plural

__all__ = ["speak_numbering", "speak_numbers", "speak_ordinals"]

_ORDINAL = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3}(?!\d))++|\d++)(?:st|nd|rd|th)(?P<many>s?)\b", re.IGNORECASE
)
_FRACTION_ENDING = re.compile(r"(?<=\d/\d)(?:rd|th)s?\b|(?<=\d/\d\d)ths?\b")
_ORDINAL_SPAN = re.compile(r"(?<=\d(?:st|nd|rd|th))\s?-\s?(?=\d{1,4}(?:st|nd|rd|th)\b)")
_NUMBERED = re.compile(
    r"(?<!\bor )(?<!\bsaid )(?<!\bsays )\b[Nn]o\.\s?(?=\d)|\b[Nn]os\.\s?(?=\d)|#\s?(?=\d)"
    r"|\bNo (?=\d)|(?<!\w)#(?=[A-Z]{0,2}-?\d)"
)
_MINUS = re.compile(r"(?<![\w)%])-(?=\.?\d)")
_PLUS = re.compile(r"(?<!\w)\+\s?(?=\.?\d)")
_PLURAL = re.compile(r"(?<![\w.,])(?<!Phone )(\d++)'?s\b")
_ANY = re.compile(NUMBER)


def speak_ordinals(text: str) -> str:
    """Speak "2nd", "1,000th" and "the 5s"."""
    text = _ORDINAL_SPAN.sub(" to ", _FRACTION_ENDING.sub("", text))
    text = _PLURAL.sub(lambda m: plural(cardinal(m[1])), text)
    return _ORDINAL.sub(lambda m: ordinal(m[1].replace(",", "")) + m["many"], text)


def speak_numbering(text: str) -> str:
    """Speak "No. 5", "nos. 4-6" and "#1"."""
    return _NUMBERED.sub(lambda m: "numbers " if "os" in m.group() else "number ", text)


def speak_numbers(text: str) -> str:
    """Speak every number that is left."""
    text = _PLUS.sub(" plus ", _MINUS.sub(" minus ", text))
    return _ANY.sub(lambda m: f" {number(m.group())} ", text)
