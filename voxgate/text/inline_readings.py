"""Readings inside a text: `{银行|yin2 hang2}` says how 银行 is read, here and only here.

Rules of normalisation never see them: each is lifted out into one private-use character, which
stands for a word, and put back afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voxgate.errors import TextError

__all__ = [
    "FIRST_PLACE",
    "LAST_PLACE",
    "InlineReading",
    "inline_reading_at",
    "lift",
    "lower",
    "without_readings",
]

FIRST_PLACE = 0xE000
"""Stands for the first reading that was lifted; the next ones follow it."""

LAST_PLACE = 0xF8FF
_PLACES = LAST_PLACE - FIRST_PLACE + 1
_INLINE = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, kw_only=True)
class InlineReading:
    """`written` is read as `reading`, in the notation of the language's lexicon."""

    written: str
    reading: str

    def __str__(self) -> str:
        return f"{{{self.written}|{self.reading}}}"


def lift(text: str) -> tuple[str, tuple[InlineReading, ...]]:
    """Return the text with one private-use character for each reading, and the readings in order.

    Raises:
        TextError: the text has private-use characters of its own, or too many readings.
    """
    if found := _PRIVATE.search(text):
        raise TextError(
            f"a private-use character U+{ord(found.group()):04X} at character {found.start() + 1}: "
            "nobody can know its reading; write what it stands for"
        )
    readings: list[InlineReading] = []

    def place(match: re.Match[str]) -> str:
        if len(readings) == _PLACES:
            raise TextError(f"more than {_PLACES} readings in one text; put them into a lexicon")
        written, reading = (group.strip() for group in match.groups())
        if not written or not reading:
            raise TextError(
                f"{match.group()!r} at character {match.start() + 1}: need {{word|reading}}"
            )
        readings.append(InlineReading(written=written, reading=reading))
        return chr(FIRST_PLACE + len(readings) - 1)

    return _INLINE.sub(place, text), tuple(readings)


def lower(text: str, readings: tuple[InlineReading, ...]) -> str:
    """Put readings back into a text that they were lifted out of."""
    return _PRIVATE.sub(lambda match: str(readings[ord(match.group()) - FIRST_PLACE]), text)


def inline_reading_at(character: str, readings: tuple[InlineReading, ...]) -> InlineReading | None:
    """Return the reading that a character stands for, or None where it is an ordinary one."""
    return readings[ord(character) - FIRST_PLACE] if _PRIVATE.fullmatch(character) else None


def without_readings(text: str) -> str:
    """Return the text as its words are written, without how they are read."""
    return _INLINE.sub(lambda match: match.group(1).strip(), text)
