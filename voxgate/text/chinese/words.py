"""Cut Chinese into words with their parts of speech, by jieba's dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from voxgate.text.extras import libraries_of

__all__ = ["Word", "cut", "parts_of"]

_CACHED_WORDS = 65_536


@dataclass(frozen=True)
class Word:
    """A word of simplified characters; `flag` is its part of speech, by jieba's names."""

    text: str
    flag: str


@cache
def _cutter() -> tuple[Any, Any]:
    """Read the dictionary into this process: no cache file is written or read."""
    with libraries_of("zh"):
        import jieba
        from jieba import posseg
    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter, posseg.POSTokenizer(cutter)


def cut(text: str) -> Iterable[Word]:
    """Return the words of a clause, in order."""
    _, tagger = _cutter()
    return (Word(pair.word, pair.flag) for pair in tagger.cut(text))


@lru_cache(maxsize=_CACHED_WORDS)
def parts_of(word: str) -> tuple[str, str]:
    """Part a word in two: its shortest part, at its beginning or else its end, and the rest."""
    cutter, _ = _cutter()
    shortest = min(cutter.cut_for_search(word), key=len)
    if word.startswith(shortest):
        return shortest, word[len(shortest) :]
    return word[: -len(shortest)], shortest
