"""Compare texts as they are spoken: what a voice is trained on is what it is heard against.

Both sides go through the language's front end first, so that numbers, units, dates and signs are
words before anything is removed, and no bracket deletes what was said or not said inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from voxgate.errors import TextError

__all__ = ["ComparisonRules", "spoken_form"]

_REMEMBERED = 4096
"""Texts: a benchmark's prompts and what was heard of them, many times over."""

Rewrite = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class ComparisonRules:
    """What a language gives to the comparison.

    Attributes:
        spoken: words as the front end speaks them, in one letter case and without marks; raises
            TextError where something cannot be read.
        canonical: brings spoken words to one writing each.
        module: where both are defined; names the code behind a number.
    """

    spoken: Rewrite
    canonical: Rewrite
    module: str


def spoken_form(rules: ComparisonRules, *, spelling: Rewrite) -> Rewrite:
    """Return what brings any text, written or heard, to the words that are compared.

    `spelling` makes contractions and regional spellings of spoken words equal. A word that the
    front end cannot read (another script) stays as it is, so it matches no word that can be spoken;
    what the front end passes over in silence, such as an emoji, is no word.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def form(text: str) -> str:
        return " ".join(
            part
            for run, speakable in _runs(text, rules.spoken)
            if (part := rules.canonical(spelling(rules.spoken(run))) if speakable else _raw(run))
        )

    return form


def _runs(text: str, spoken: Rewrite) -> list[tuple[str, bool]]:
    """Part `text` where it changes between what can be spoken and what cannot."""
    if _is_speakable(text, spoken):
        return [(text, True)]
    words = ((word, _is_speakable(word, spoken)) for word in text.split())
    return [
        (" ".join(word for word, _ in run), speakable)
        for speakable, run in groupby(words, key=lambda pair: pair[1])
    ]


def _is_speakable(text: str, spoken: Rewrite) -> bool:
    try:
        spoken(text)
    except TextError:
        return False
    return True


def _raw(run: str) -> str:
    """Return the letters and digits of words that cannot be spoken, and never nothing."""
    bare = ("".join(filter(str.isalnum, word.casefold())) for word in run.split())
    return " ".join(word or "?" for word in bare)
