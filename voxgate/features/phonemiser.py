"""The text front end as `featurize` uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.code_digest import code_digest
from voxgate.features.clip_features import Reading
from voxgate.files import digest_file, digest_json
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import LANGUAGES, open_front_end, require_language
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table

__all__ = ["TablePhonemiser", "open_phonemiser"]

_RULES = ("voxgate.text.front_ends", "voxgate.text.phonemes")


@dataclass(frozen=True)
class TablePhonemiser:
    """Reads texts in one symbol table under one lexicon; the front ends stand by their language."""

    front_ends: Mapping[str, FrontEnd] = field(repr=False)
    digest: str

    def read(self, text: str, *, language: str) -> Reading:
        """Return how `text` is spoken.

        Raises:
            TextError: the text has nothing speakable, or the language is not supported.
        """
        require_language(language)
        found = to_phonemes(text, self.front_ends[language])
        return Reading(phones=found.ids, guessed_words=found.guessed_words)


def open_phonemiser(symbols: str, *, lexicon: Path | None) -> TablePhonemiser:
    """Open the front end; `lexicon` is the user's own pronunciations.

    Raises:
        TextError: there is no such table, or the lexicon is missing or not UTF-8.
        ConfigError: the lexicon has broken lines.
    """
    table = symbol_table(symbols)
    return TablePhonemiser(
        front_ends={
            language: open_front_end(language, symbols=table, lexicon=lexicon)
            for language in LANGUAGES
        },
        digest=_digest(symbols, lexicon),
    )


def _digest(symbols: str, lexicon: Path | None) -> str:
    """Digest the rules themselves: whoever improves a rule need not remember a version number."""
    return digest_json(
        {
            "symbols": symbols,
            "rules": code_digest(_RULES),
            "lexicon": None if lexicon is None else digest_file(lexicon),
        }
    )
