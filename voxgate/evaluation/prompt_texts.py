"""Are the texts of a benchmark what they claim to be: different sentences, each as it is read out?

Forty copies of one sentence would count as forty prompts, and every interval of the gate would be
too narrow. Copies differ in what nobody hears: letter case, punctuation, blanks, the form of a
letter. So texts are compared by their words alone; where none are written between spaces, by their
characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

__all__ = ["find_repeats", "missing_words", "sentence_length", "words_of"]

SAME_WORDS = 0.8
"""Two texts that have more than this share of the longer one's words in common count as one; of
the prompts that ship none reaches 0.45."""

_UNSPACED = (
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3005-\u3007\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
"""Kana and Han characters: Chinese and Japanese write no spaces between words."""

_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_APOSTROPHES = re.compile("['’ʼ`\u00ad\u200b-\u200d\u2060\ufeff]")
_PLAIN_WORD = re.compile(r"(?<![\w.'’-])[a-z]{4,}(?![\w.'’-])")
"""A word that no rule of reading changes: lower case, no abbreviation, no part of a compound."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which texts are compared.

    >>> words_of("Don’t stop"), words_of("我用iPhone。")
    (('dont', 'stop'), ('我', '用', 'iphone'))
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_WORD.findall(_APOSTROPHES.sub("", folded)))


def sentence_length(text: str) -> int:
    """Return the length of a spoken text, as prompts have it: words, or characters of Chinese.

    Of digits, which Japanese keeps, each is a character.

    >>> sentence_length("Don't wait twenty-one days"), sentence_length("我用 iPhone 拍照")
    (4, 5)
    """
    if not re.search(f"[{_UNSPACED}]", text):
        return len(text.split())
    return sum(len(word) if word.isdigit() else 1 for word in words_of(text))


def missing_words(text: str, normalised: str) -> tuple[str, ...]:
    """Return the plain words of `text` that its spoken form does not have."""
    spoken = set(words_of(normalised))
    return tuple(w for w in _PLAIN_WORD.findall(text) if not spoken.issuperset(words_of(w)))


def find_repeats(texts: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int, float]]:
    """Yield line, earlier line and the share of common words of texts that are nearly the same.

    Each line is named once, beside the first one that it repeats.
    """
    earlier: list[tuple[int, int]] = []
    holders: dict[str, list[tuple[int, int]]] = {}  # who has a word, and how often
    first_of: dict[str, int] = {}  # the first text of these characters, however it is divided
    for place, (line, text) in enumerate(texts):
        words = words_of(text)
        shared = _count_shared(Counter(words), holders, place)
        same = first_of.setdefault("".join(words), place)
        shares = {
            other: count / max(len(words), earlier[other][1]) for other, count in shared.items()
        }
        repeated = [other for other, share in shares.items() if share > SAME_WORDS]
        if same != place:
            repeated.append(same)
        if repeated:
            other = min(repeated)
            yield line, earlier[other][0], shares.get(other, 0.0) if words else 1.0
        earlier.append((line, len(words)))


def _count_shared(
    counted: Counter[str], holders: dict[str, list[tuple[int, int]]], place: int
) -> dict[int, int]:
    """Return how many words each earlier text has in common with this one, and enter this one."""
    shared: dict[int, int] = {}
    for word, count in counted.items():
        having = holders.setdefault(word, [])
        for other, found in having:
            shared[other] = shared.get(other, 0) + min(count, found)
        having.append((place, count))
    return shared
