"""Texts that are read wrongly."""

from __future__ import annotations

import re

__all__ = [
    "WORDS_PER_FAULT",
    "drop_numbers_and_negations",
    "drop_words",
    "opening_words",
    "repeat_words",
    "swap_words",
]

WORDS_PER_FAULT = 5
_OPENING_WORDS = 4
_CONTENT_LETTERS = 4
_NUMBERS = frozenset(
    (  # noqa: SIM905 - a word list
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million billion first second third fourth fifth half "
        "quarter dozen"
    ).split()
)
_NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor nowhere cannot without".split()  # noqa: SIM905
)
_SHORT_NEGATIONS = (
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will"),
    (re.compile(r"\bcan['’]t\b", re.IGNORECASE), "can"),
    (re.compile(r"n['’]t\b"), ""),
)


def drop_words(text: str) -> str:
    """Leave out every fifth word, from the second on; one word alone stays.

    >>> drop_words("one two three four five six seven")
    'one three four five six'
    """
    kept = [word for index, word in enumerate(text.split()) if not _is_hit(index)]
    return " ".join(kept)


def repeat_words(text: str) -> str:
    """Say every fifth word twice, from the second on.

    >>> repeat_words("one two three")
    'one two two three'
    """
    words = text.split()
    return " ".join(
        f"{word} {word}" if _is_hit(index) else word for index, word in enumerate(words)
    )


def drop_numbers_and_negations(text: str) -> str:
    """Leave out digits, number words and negations; a text without them, or of them alone, stays.

    >>> drop_numbers_and_negations("Platform 12 is not open before half past six.")
    'Platform is open before past'
    >>> drop_numbers_and_negations("We don't sell twenty-two of them.")
    'We do sell of them.'
    """
    kept = [_affirmed(word) for word in text.split() if not _is_critical(word)]
    return " ".join(kept) or text


def swap_words(text: str) -> str:
    """Exchange the first two neighbours of four letters or more; if there are none, the last two.

    >>> swap_words("She put the blue towel back.")
    'She put the towel blue back.'
    """
    words = text.split()
    if len(words) < 2:  # noqa: PLR2004 - nothing to exchange
        return text
    pairs = range(len(words) - 1)
    at = next((n for n in pairs if _is_content(words[n]) and _is_content(words[n + 1])), pairs[-1])
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def opening_words(text: str) -> str:
    """Return the first four words of a text.

    >>> opening_words("The rain had stopped by noon.")
    'The rain had stopped'
    """
    return " ".join(text.split()[:_OPENING_WORDS])


def _is_hit(index: int) -> bool:
    return index % WORDS_PER_FAULT == 1


def _is_critical(word: str) -> bool:
    parts = re.findall(r"[a-z]+", word.lower())
    named = any(part in _NUMBERS or part in _NEGATIONS for part in parts)
    return named or any(character.isdigit() for character in word)


def _affirmed(word: str) -> str:
    for negation, positive in _SHORT_NEGATIONS:
        word = negation.sub(positive, word)
    return word


def _is_content(word: str) -> bool:
    return len(word) >= _CONTENT_LETTERS and word.isalpha()
