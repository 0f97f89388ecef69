"""Cantonese, as the rest of voxgate meets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.cantonese.comparison import written
from voxgate.text.cantonese.dictionary import dictionary_digest
from voxgate.text.cantonese.lexicon import Lexicon, load_lexicon
from voxgate.text.cantonese.normalisation import normalise
from voxgate.text.cantonese.pronunciation import pronounce
from voxgate.text.front_end import SpokenText
from voxgate.text.languages import require_language
from voxgate.text.symbols import SymbolTable

__all__ = ["CantoneseFrontEnd", "open_cantonese"]


def open_cantonese(symbols: SymbolTable, *, lexicon: Path | None) -> CantoneseFrontEnd:
    """Load the dictionary, and above it the user's own terms.

    Raises:
        ConfigError: the lexicon has broken lines; names all of them.
        TextError: the table is v1, which was made without Cantonese; a library is not installed;
            the lexicon is missing or is not UTF-8 text.
    """
    require_language("yue", symbols=symbols.name)
    return CantoneseFrontEnd(
        symbols=symbols, dictionary_digest=dictionary_digest(), lexicon=load_lexicon(lexicon)
    )


@dataclass(frozen=True, kw_only=True)
class CantoneseFrontEnd:
    """Implements `FrontEnd`, for the table v2 only."""

    symbols: SymbolTable = field(repr=False)
    dictionary_digest: str
    lexicon: Lexicon = field(repr=False)

    @property
    def language(self) -> str:
        """Cantonese."""
        return "yue"

    @property
    def shared_run(self) -> int:
        """Seven characters: four words or so, as in English; sayings have four characters."""
        return 7

    def normalise(self, text: str) -> str:
        """Write `text` as it is spoken: traditional characters and `, . ! ? - …` only."""
        return normalise(text)

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and read its characters."""
        spoken = self.normalise(text)
        return SpokenText(text=spoken, words=pronounce(spoken, self.lexicon))

    def units(self, text: str) -> tuple[str, ...]:
        """Return the characters, each in the form that Hong Kong writes, without marks."""
        return written(self.normalise(text))
