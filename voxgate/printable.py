"""Text that somebody else wrote, as one line that cannot pretend to be more than it is.

A line break in a reason makes two lines of a log; an escape sequence repaints a terminal; a bidi
control shows letters in an order in which they do not stand (Unicode TR 36, section 3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

__all__ = [
    "describe_character",
    "find_unprintable",
    "printable",
    "printable_lines",
    "without_colours",
]

_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_JOINERS = "\u200c\u200d"
"""Persian, Indic scripts and emoji need them, and they move nothing."""


def find_unprintable(text: str) -> str | None:
    """Return the first character that does not belong into a line of text; None without one."""
    return next((character for character in text if _hides(character)), None)


def describe_character(character: str) -> str:
    """Return code point and name of a character, which need not be visible."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"


def printable(value: Any) -> Any:
    """Return a text on one line, with what would not print as its escape; JSON values throughout.

    Text that is printable already is returned as it is.
    """
    if isinstance(value, str):
        return value if value.isprintable() else "".join(map(_escaped, value))
    if isinstance(value, dict):
        return {printable(name): printable(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [printable(entry) for entry in value]
    return value


def printable_lines(text: str) -> str:
    """Return text of several lines of our own making, each of them printable."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))


def without_colours(text: str) -> str:
    """Return what a program wrote for a terminal without the sequences that colour it."""
    return _COLOUR.sub("", text)


def _hides(character: str) -> bool:
    return unicodedata.category(character) in _CATEGORIES and character not in _JOINERS


def _escaped(character: str) -> str:
    if not _hides(character):
        return character
    return character.encode("unicode_escape").decode("ascii")
