"""How texts are spoken: by a phonemiser here, or by workers that open one each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from voxgate.errors import TextError
from voxgate.executors import Executor, Work, values
from voxgate.text.phonemes import SpokenSpan

__all__ = [
    "Phonemiser",
    "PooledPhonemiser",
    "Reading",
    "Sentence",
    "Unreadable",
    "read_sentence",
    "read_sentences",
]

_CHUNK = 16
"""Texts in one message to a worker; each is read by itself."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a text is spoken: phone ids, and the words that had to be guessed."""

    phones: tuple[int, ...]
    guessed_words: tuple[str, ...] = ()
    chinese: tuple[SpokenSpan, ...] = ()
    """Spans whose characters have features (voice/text_features.py)."""


@dataclass(frozen=True)
class Unreadable:
    """Why a text cannot be spoken."""

    message: str


@dataclass(frozen=True)
class Sentence:
    """A text and its language."""

    text: str
    language: str


class Phonemiser(Protocol):
    """Turns a text into phone ids of one symbol table."""

    @property
    def digest(self) -> str:
        """Digest of table, dictionaries and rules: the same digest gives the same reading."""
        ...

    def read(self, text: str, *, language: str) -> Reading:
        """Return how `text` is spoken.

        Raises:
            TextError: the text has nothing speakable, or the language is not supported.
        """
        ...


@dataclass(frozen=True)
class PooledPhonemiser:
    """A phonemiser that workers open when there is something to read.

    work: answers with `read_sentence`.
    digest: as that of the phonemiser.
    """

    executor: Executor
    work: Work[Sentence, Reading | Unreadable]
    digest: str

    def read_sentences(self, sentences: Iterable[Sentence]) -> Iterator[Reading | Unreadable]:
        """Read sentences, in order.

        Raises:
            TextError, ConfigError: the phonemiser cannot be opened.
        """
        return values(self.executor.map_ordered(self.work, sentences, chunk=_CHUNK))


def read_sentence(phonemiser: Phonemiser, sentence: Sentence) -> Reading | Unreadable:
    """Read one sentence; that it cannot be spoken is an answer."""
    try:
        return phonemiser.read(sentence.text, language=sentence.language)
    except TextError as error:
        return Unreadable(str(error))


def read_sentences(
    phonemiser: Phonemiser | PooledPhonemiser, sentences: Iterable[Sentence]
) -> Iterator[Reading | Unreadable]:
    """Read sentences, in order, wherever the phonemiser is."""
    if isinstance(phonemiser, PooledPhonemiser):
        return phonemiser.read_sentences(sentences)
    return map(partial(read_sentence, phonemiser), sentences)
