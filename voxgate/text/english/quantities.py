"""Read ordinals, signs before numbers and plain numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import NUMBER, cardinal, number, ordinal, plural

__all__ = ["speak_numbers", "speak_ordinals"]

_ORDINAL = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3}(?!\d))++|\d++)(?:st|nd|rd|th)(?P<many>s?)\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"\b(?:[Nn]o\.|[Nn]os\.|#)\s?(?=\d)|\bNo (?=\d)|(?<!\w)#(?=[A-Z]{0,2}-?\d)")
_MINUS = re.compile(r"(?<![\w)%])-(?=\.?\d)")
_PLUS = re.compile(r"(?<!\w)\+\s?(?=\.?\d)")
_PLURAL = re.compile(r"(?<![\w.,])(?<!Phone )(\d++)'?s\b")
_ANY = re.compile(NUMBER)


def speak_ordinals(text: str) -> str:
    """Speak "2nd", "1,000th" and "the 5s"."""
    text = _PLURAL.sub(lambda m: plural(cardinal(m[1])), text)
    return _ORDINAL.sub(lambda m: ordinal(m[1].replace(",", "")) + m["many"], text)


def speak_numbers(text: str) -> str:
    """Speak every number that is left."""
    text = _NUMBERED.sub("number ", text)
    text = _PLUS.sub(" plus ", _MINUS.sub(" minus ", text))
    return _ANY.sub(lambda m: f" {number(m.group())} ", text)
