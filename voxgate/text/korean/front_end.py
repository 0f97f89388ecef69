"""Korean, as the rest of voxgate meets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from voxgate.files import digest_bytes
from voxgate.text.front_end import SpokenText
from voxgate.text.inline_readings import lift, lower
from voxgate.text.korean.comparison import written
from voxgate.text.korean.lexicon import Lexicon, check_inline, load_lexicon
from voxgate.text.korean.morphemes import analyser_version
from voxgate.text.korean.normalisation import normalise_lifted
from voxgate.text.korean.pronunciation import pronounce
from voxgate.text.languages import require_language
from voxgate.text.symbols import SymbolTable

__all__ = ["KoreanFrontEnd", "open_korean"]

_DATA = ("words.txt", "sino_tensing.txt", "sino_stems.txt", "hanja.tsv")


def open_korean(symbols: SymbolTable, *, lexicon: Path | None) -> KoreanFrontEnd:
    """Load the user's own words, and see that the analyser is installed.

    Raises:
        ConfigError: the lexicon has broken lines; names all of them.
        TextError: the table has no Korean, the library is not installed, or the lexicon is missing
            or is not UTF-8 text.
    """
    require_language("ko", symbols=symbols.name)
    analyser_version()
    return KoreanFrontEnd(symbols=symbols, lexicon=load_lexicon(lexicon))


@dataclass(frozen=True, kw_only=True)
class KoreanFrontEnd:
    """Implements `FrontEnd`, for the table v2."""

    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    @property
    def language(self) -> str:
        """Korean."""
        return "ko"

    @property
    def dictionary_digest(self) -> str:
        """Digest of the lists of words, and of the versions of the analyser and its dictionary."""
        return _digest()

    @property
    def shared_run(self) -> int:
        """Eight syllables: three to four words with particles; endings alone have up to five."""
        return 8

    def normalise(self, text: str) -> str:
        """Write `text` in hangul as it is spoken; spaces stay as written."""
        lifted, readings = lift(text)
        check_inline(readings)
        return lower(normalise_lifted(lifted), readings)

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and pronounce it."""
        lifted, readings = lift(text)
        check_inline(readings)
        spoken = normalise_lifted(lifted)
        words = pronounce(spoken, readings, self.lexicon) if spoken else ()
        return SpokenText(text=lower(spoken, readings), words=words)

    def units(self, text: str) -> tuple[str, ...]:
        """Return the syllables, without spaces and marks."""
        return written(self.normalise(text))


@cache
def _digest() -> str:
    folder = files("voxgate.text.korean").joinpath("data")
    data = b"".join(folder.joinpath(name).read_bytes() for name in _DATA)
    return digest_bytes(data + analyser_version().encode())
