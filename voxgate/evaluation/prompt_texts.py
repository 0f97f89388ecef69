"""Are the texts of a benchmark what they claim to be: different sentences, each as it is read out?

Forty copies of one sentence would count as forty prompts, and every interval of the gate would be
too narrow. Copies differ in what nobody hears: letter case, punctuation, blanks, the form of a
letter. So texts are compared by their words alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

__all__ = ["find_repeats", "missing_words", "words_of"]

SAME_WORDS = 0.8
"""Two texts that have more than this share of the longer one's words in common count as one; of
the prompts that ship none reaches 0.45."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’ʼ`\u00ad\u200b-\u200d\u2060\ufeff]")
_PLAIN_WORD = re.compile(r"(?<![\w.'’-])[a-z]{4,}(?![\w.'’-])")
"""A word that no rule of reading changes: lower case, no abbreviation, no part of a compound."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which texts are compared."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_WORD.findall(_APOSTROPHES.sub("", folded)))


def missing_words(text: str, normalised: str) -> tuple[str, ...]:
    """Return the plain words of `text` that its spoken form does not have."""
    spoken = set(words_of(normalised))
    return tuple(w for w in _PLAIN_WORD.findall(text) if not spoken.issuperset(words_of(w)))


def find_repeats(texts: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int, float]]:
    """Yield line, earlier line and the share of common words of texts that are nearly the same.

    Each line is named once, beside the first one that it repeats.
    """
    earlier: list[tuple[int, tuple[str, ...], Counter[str]]] = []
    for line, text in texts:
        words = words_of(text)
        counted = Counter(words)
        for before, others, found in earlier:
            longer = max(len(words), len(others))
            share = (counted & found).total() / longer if longer else 1.0
            if share > SAME_WORDS or "".join(words) == "".join(others):
                yield line, before, share
                break
        earlier.append((line, words, counted))
