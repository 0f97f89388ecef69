"""How long texts last to be said, so that texts of several languages can be set side by side."""

from __future__ import annotations

from voxgate.text.scripts import script_of

__all__ = ["spoken_letters"]

_TENTHS = {"han": 35, "kana": 20, "hangul": 30}
"""Tenths of a Latin letter: English is spoken at about 14 letters a second, Chinese at 4
characters, Japanese at 7 kana, of which a Han character there has nearly two, Korean at 4.5
syllables. In a text of one script they only scale; they matter where scripts are mixed."""


def spoken_letters(text: str) -> float:
    """Return how many Latin letters last as long as the text.

    >>> spoken_letters("in a text"), spoken_letters("我用 iPhone")
    (7.0, 13.0)
    """
    return sum(_TENTHS.get(script_of(c), 10) for c in text if c.isalnum()) / 10
