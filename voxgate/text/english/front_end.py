"""English, as the rest of voxgate meets it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.english.lexicon import Lexicon, dictionary_digest, load_lexicon
from voxgate.text.english.normalisation import normalise
from voxgate.text.english.readings import (
    name_readings,
    pronounce_readings,
    restore_readings,
)
from voxgate.text.front_end import SpokenText
from voxgate.text.inline_readings import without_readings
from voxgate.text.symbols import SymbolTable

__all__ = ["EnglishFrontEnd", "open_english"]


def open_english(symbols: SymbolTable, *, lexicon: Path | None) -> EnglishFrontEnd:
    """Load the dictionary, and above it the user's own words.

    Raises:
        ConfigError: the lexicon has broken lines; names all of them.
        TextError: the lexicon is missing or is not UTF-8 text.
    """
    return EnglishFrontEnd(symbols=symbols, lexicon=load_lexicon(lexicon, symbols=symbols))


@dataclass(frozen=True, kw_only=True)
class EnglishFrontEnd:
    """Implements `FrontEnd`. Both tables hold all of ARPAbet."""

    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    @property
    def language(self) -> str:
        """English."""
        return "en"

    @property
    def dictionary_digest(self) -> str:
        """Digest of the CMU dictionary; the spelling model is made of it."""
        return dictionary_digest()

    @property
    def shared_run(self) -> int:
        """Four words."""
        return 4

    def normalise(self, text: str) -> str:
        """Write `text` as it is spoken: letters, `'`, `-`, spaces and `, . ! ? - …` only.

        Readings in the text stay as they are.
        """
        named, readings = name_readings(text)
        return restore_readings(normalise(named, day_first=self.lexicon.day_first), readings)

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and look its words up."""
        named, readings = name_readings(text)
        spoken = normalise(named, day_first=self.lexicon.day_first)
        return SpokenText(
            text=restore_readings(spoken, readings),
            words=pronounce_readings(spoken, self.lexicon, readings, self.symbols),
        )

    def units(self, text: str) -> tuple[str, ...]:
        """Return the words in small letters; hyphens part them."""
        plain = without_readings(text)
        return tuple(re.findall(r"[a-z']+", self.normalise(plain).lower().replace("-", " ")))
