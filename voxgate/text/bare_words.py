"""Compare texts of any language: letters and digits of each word, in one case.

It is what is left to languages without a front end. One with a front end is compared by
`comparison`, which knows its numbers and contractions.
"""

from __future__ import annotations

import unicodedata

__all__ = ["bare_word", "bare_words"]


def bare_words(text: str) -> str:
    """Return the words of a text without marks; what is only marks is no word.

    >>> bare_words("¿Qué? L'été… 20 %!")
    'qué lété 20'
    """
    return " ".join(filter(None, map(bare_word, text.split())))


def bare_word(word: str) -> str:
    """Return the letters and digits of one word; an accent has one encoding."""
    composed = unicodedata.normalize("NFC", word.casefold())
    return "".join(
        character
        for character in composed
        if character.isalnum() or unicodedata.category(character).startswith("M")
    )
