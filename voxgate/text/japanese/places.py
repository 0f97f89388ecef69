"""Words with a reading of their own stand in a text as one private-use character each.

Rules of normalisation and the dictionary never see how they are written: inline readings, and
above the dictionary the user's terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.inline_readings import FIRST_PLACE, InlineReading, lift

__all__ = ["PLACE", "LiftedText", "lift_readings", "term_pattern"]

PLACE = re.compile("[\ue000-\uf8ff]")
_LAST_PLACE = 0xF8FF


@dataclass(frozen=True, kw_only=True)
class LiftedText:
    """A text with places, and what stands at each: how it is written, and how it is read."""

    text: str
    written: tuple[str, ...]
    readings: tuple[str, ...]
    words: tuple[str, ...]
    """As `written`, without the marks of an inline reading."""

    def lower(self, text: str) -> str:
        """Put the words back."""
        return PLACE.sub(lambda match: self.written[ord(match.group()) - FIRST_PLACE], text)


def lift_readings(
    text: str,
    *,
    terms: Mapping[str, str],
    pattern: re.Pattern[str] | None,
    fold: Callable[[str], str],
) -> LiftedText:
    """Fold the characters of `text`, and lift inline readings and the words of `terms`.

    Raises:
        TextError: an inline reading is broken, or the text has too many of them.
    """
    lifted, inline = lift(text)
    written = [str(reading) for reading in inline]
    words = [_word(reading) for reading in inline]
    readings = [reading.reading for reading in inline]
    places: dict[str, str] = {}

    def place(match: re.Match[str]) -> str:
        term = match.group()
        if term not in places:
            if FIRST_PLACE + len(written) > _LAST_PLACE:
                raise TextError("more than 6,400 readings in one text; divide the text")
            places[term] = chr(FIRST_PLACE + len(written))
            written.append(term)
            words.append(term)
            readings.append(terms[term])
        return places[term]

    folded = fold(lifted)
    if pattern is not None:
        folded = pattern.sub(place, folded)
    return LiftedText(
        text=folded, written=tuple(written), readings=tuple(readings), words=tuple(words)
    )


def _word(reading: InlineReading) -> str:
    return reading.written


def term_pattern(terms: Mapping[str, str]) -> re.Pattern[str] | None:
    """Return what finds terms, the longest first.

    A term of katakana, of Latin letters or digits, or of one Han character is no part of a longer
    run of the same.
    """
    if not terms:
        return None
    ordered = sorted(terms, key=len, reverse=True)
    return re.compile("|".join(f"{_not_behind(t)}{re.escape(t)}{_not_before(t)}" for t in ordered))


def _class_of(character: str) -> str | None:
    if re.fullmatch("[ァ-ヴー]", character):
        return "ァ-ヴー"
    if character.isascii() and character.isalnum():
        return "A-Za-z0-9"
    return None


def _alone(term: str) -> str | None:
    return "\u4e00-\u9fff々" if re.fullmatch("[\u4e00-\u9fff]", term) else None


def _not_behind(term: str) -> str:
    kind = _class_of(term[0]) or _alone(term)
    return f"(?<![{kind}])" if kind else ""


def _not_before(term: str) -> str:
    kind = _class_of(term[-1]) or _alone(term)
    return f"(?![{kind}])" if kind else ""
