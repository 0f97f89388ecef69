"""What a language gives: its front end reads texts, and says what they are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voxgate.text.symbols import SymbolTable

__all__ = ["FrontEnd", "Phones", "SpokenText", "SpokenWord"]

Phones = tuple[str, ...]
"""Phonemes, by their names in the symbol tables."""


@dataclass(frozen=True, kw_only=True)
class SpokenWord:
    """A word or a mark of the normalised text, its phonemes, and where they come from."""

    word: str
    phones: Phones

    source: str
    """How the pronunciation was found; every language has names of its own for its ways."""

    guessed: bool = False
    """Nothing surer than a guess was at hand: a candidate for a user lexicon."""

    phones_per_character: tuple[int, ...] | None = None
    """How many of `phones` each character of `word` has, where the language's public checkpoints
    were trained with features of characters (Chinese, Cantonese): 2 a character, 1 a mark."""

    characters: str | None = None
    """`word` in the one script whose characters have features, where it is written in another."""

    language: str | None = None
    """Whose word it is, in a text of several languages; None where the front end has but one."""


@dataclass(frozen=True, kw_only=True)
class SpokenText:
    """A text as it is spoken; "" and no words where nothing in it can be."""

    text: str
    """The normalised text."""

    words: tuple[SpokenWord, ...]
    """In order, everything that gives phonemes; a mark of `PUNCTUATION` is a word of its own."""


class FrontEnd(Protocol):
    """Reads texts of one language for one symbol table, under one user lexicon.

    It knows nothing of sentences, ids and lead-ins: what is the same for all languages is done
    once, after it (`voxgate.text.phonemes`). Texts may be long, and may be its own normalised text.
    """

    @property
    def language(self) -> str:
        """The code of the language; of several, the one that unmarked characters belong to."""
        ...

    @property
    def symbols(self) -> SymbolTable:
        """The table that holds every phoneme it gives."""
        ...

    @property
    def dictionary_digest(self) -> str:
        """Names the dictionaries that it looks words up in; the user lexicon is not among them."""
        ...

    @property
    def shared_run(self) -> int:
        """How many `units` must follow each other to count as shared: shorter runs are idioms."""
        ...

    def normalise(self, text: str) -> str:
        """Return `text` as it is spoken, or "" where nothing is; twice is the same as once.

        Raises:
            TextError: something in the text cannot be read; names it. Nothing is lost in silence.
        """
        ...

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and pronounce it.

        Raises:
            TextError: as `normalise`.
        """
        ...

    def units(self, text: str) -> tuple[str, ...]:
        """Return what texts are compared by, words or characters, however they are written.

        Raises:
            TextError: as `normalise`.
        """
        ...
