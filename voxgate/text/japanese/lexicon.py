"""The user's own words: `lexicon.ja.tsv`, a word, its reading, and a sentence that says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from voxgate.errors import TextError
from voxgate.text.japanese.characters import plain_characters
from voxgate.text.japanese.places import term_pattern
from voxgate.text.japanese.readings import NOTATION, read_notation
from voxgate.text.term_lines import Term, read_terms

__all__ = ["Lexicon", "load_lexicon"]


@dataclass(frozen=True)
class Lexicon:
    """Words as they stand in folded text, and their readings in the notation of the lexicon."""

    terms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """What finds the words in a folded text."""
        return term_pattern(self.terms)


def load_lexicon(path: Path | None) -> Lexicon:
    """Read the user's words; without a file there are none.

    Raises:
        ConfigError: lines are broken, or a reading is none; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    if path is None:
        return Lexicon()
    return Lexicon(
        {plain_characters(term.written): term.reading for term in read_terms(path, check=_fault)}
    )


def _fault(term: Term) -> str | None:
    try:
        folded = plain_characters(term.written)
    except TextError as error:
        return str(error)
    if not any(map(str.isalnum, folded)) or any(c in "|「」（）" for c in folded):
        return f"word {term.written!r}: need letters, kana or Han characters, and no brackets"
    if read_notation(term.reading) is None:
        return f"word {term.written!r}: {term.reading!r} is no reading; need {NOTATION}"
    return None
