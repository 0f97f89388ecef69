"""Japanese, as the rest of voxgate meets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.front_end import SpokenText
from voxgate.text.inline_readings import FIRST_PLACE
from voxgate.text.japanese.analysis import dictionary_digest
from voxgate.text.japanese.lexicon import Lexicon, load_lexicon
from voxgate.text.japanese.normalisation import fold, normalise_lifted
from voxgate.text.japanese.numerals import numerals_to_digits
from voxgate.text.japanese.places import PLACE, LiftedText, lift_readings
from voxgate.text.japanese.pronunciation import kana_of, pronounce
from voxgate.text.languages import require_language
from voxgate.text.symbols import SymbolTable

__all__ = ["JapaneseFrontEnd", "open_japanese", "read_kana"]

_ACCENTED = "v2"


def open_japanese(symbols: SymbolTable, *, lexicon: Path | None) -> JapaneseFrontEnd:
    """Open the dictionary, and above it the user's own words.

    Raises:
        ConfigError: the lexicon has broken lines; names all of them.
        TextError: pyopenjtalk-plus is not installed, the table has no Japanese, or the lexicon is
            missing or is not UTF-8 text.
    """
    require_language("ja", symbols=symbols.name)
    dictionary_digest()
    return JapaneseFrontEnd(symbols=symbols, lexicon=load_lexicon(lexicon))


@dataclass(frozen=True, kw_only=True)
class JapaneseFrontEnd:
    """Implements `FrontEnd`: with marks of accent for the second table, without for the first."""

    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False)

    @property
    def language(self) -> str:
        """Japanese."""
        return "ja"

    @property
    def dictionary_digest(self) -> str:
        """Digest of the version of pyopenjtalk-plus, whose package holds the dictionary."""
        return dictionary_digest()

    @property
    def shared_run(self) -> int:
        """Eight characters: set phrases such as よろしくお願いします are as long as that."""
        return 8

    def normalise(self, text: str) -> str:
        """Write `text` as it is spoken: kana, Han characters, digits of cardinals, and marks.

        Marks are `, . ! ? … -`, and 「」（）〜, which the checkpoints hear as slight breaks.
        """
        lifted, spoken = self._spoken(text)
        return lifted.lower(spoken)

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and look its words up."""
        lifted, spoken = self._spoken(text)
        if not spoken:
            return SpokenText(text="", words=())
        words = pronounce(lifted, spoken, accents=self.symbols.name == _ACCENTED)
        return SpokenText(text=lifted.lower(spoken), words=words)

    def units(self, text: str) -> tuple[str, ...]:
        """Return the characters of the normalised text without marks; 三百人 is 300人."""
        lifted, spoken = self._spoken(text)
        words = numerals_to_digits(
            "".join(lifted.words[ord(c) - FIRST_PLACE] if PLACE.match(c) else c for c in spoken)
        )
        return tuple(filter(str.isalnum, words))

    def _spoken(self, text: str) -> tuple[LiftedText, str]:
        lifted = lift_readings(
            text, terms=self.lexicon.terms, pattern=self.lexicon.pattern, fold=fold
        )
        return lifted, normalise_lifted(lifted, written=text)


def read_kana(normalised: str) -> str:
    """Return a normalised text in katakana as pronounced, without marks."""
    lifted = lift_readings(normalised, terms={}, pattern=None, fold=fold)
    return kana_of(lifted, normalise_lifted(lifted, written=normalised))
