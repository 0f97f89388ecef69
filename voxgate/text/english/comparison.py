"""The one spelling in which two English texts are compared word by word."""

from __future__ import annotations

import re

from voxgate.text.comparison import ComparisonRules
from voxgate.text.english.normalisation import normalise
from voxgate.text.english.number_words import number_words_to_digits

__all__ = ["RULES"]

_PAUSES = re.compile(r"[,.!?…-]+")
_SAME_WORD = tuple(
    (re.compile(rf"(?<!\S){written}(?!\S)"), compared)
    for written, compared in (
        ("o ?k", "okay"),
        ("'cause", "because"),
        ("miz", "miss"),
        ("a half", "one half"),
        ("a quarter", "one quarter"),
        ("cannot", "can not"),
        ("per cent", "percent"),
        ("alright", "all right"),
        ("e mail", "email"),
        ("e mails", "emails"),
        ("web site", "website"),
        ("good bye", "goodbye"),
    )
)
"""What is written in one word or two, or by its letters, and sounds the same."""

_LETTERS = re.compile(r"(?<!\S)[a-z](?: [a-z]){2,}(?!\S)")
"""A recogniser writes an acronym as one word, in small letters too; two letters may be a word."""


def spoken_words(text: str) -> str:
    """Return the words that the front end makes of any text, in small letters, without pauses.

    Raises:
        TextError: the text has letters of another script.
    """
    return " ".join(_PAUSES.sub(" ", normalise(text).lower()).split())


def compared_words(words: str) -> str:
    """Return words with one writing each, and numbers said digit by digit."""
    for written, compared in _SAME_WORD:
        words = written.sub(compared, words)
    words = _LETTERS.sub(lambda run: run.group().replace(" ", ""), words)
    return " ".join(number_words_to_digits(words.split()))


RULES = ComparisonRules(spoken=spoken_words, canonical=compared_words, module=__name__)
