"""What a text shows of its form: a question, a number, a name, many words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voxgate.errors import TextError
from voxgate.evaluation.critical import critical_words
from voxgate.text.counting_units import length_class

__all__ = ["Traits", "find_traits"]

Traits = frozenset[str]

_NAME = re.compile(r"(?<![.?!:]\s)(?<!^)\b[A-Z][a-z]+")
_NUMBER = re.compile(r"\d")


def find_traits(text: str, words: int, language: str, *, normalised: str) -> Traits:
    """Return the traits of a text of so many words, with its spoken form."""
    return frozenset(_find_traits(text, words, language, normalised))


def _find_traits(text: str, words: int, language: str, normalised: str) -> Iterator[str]:
    if "?" in text:
        yield "question"
    if _NUMBER.search(text):
        yield "number in digits"
    if _NAME.search(text):
        yield "name"
    yield f"{length_class(words, language)} text"
    try:
        if critical_words(text, normalised, language):
            yield "word that must not change"
    except TextError:
        return  # the language has no such list: this trait is nobody's
