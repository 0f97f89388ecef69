"""What is counted when a Korean voice is judged: characters, for spacing is not audible."""

from __future__ import annotations

from voxgate.text.inline_readings import inline_reading_at, lift
from voxgate.text.korean.syllables import is_hangul

__all__ = ["sounds", "written"]


def sounds(normalised: str) -> tuple[str, ...]:
    """Return the syllables of a normalised text as they are spelled, without spaces and marks.

    Recognisers write what they hear in the spelling of words, so spellings are compared: whoever
    writes 문뻡 for 문법 has made a mistake.
    """
    return written(normalised)


def written(normalised: str) -> tuple[str, ...]:
    """Return the characters of a normalised text, without spaces and marks."""
    lifted, readings = lift(normalised)
    words = []
    for char in lifted:
        inline = inline_reading_at(char, readings)
        words.append(char if inline is None else inline.written)
    return tuple(char for char in "".join(words) if is_hangul(char))
