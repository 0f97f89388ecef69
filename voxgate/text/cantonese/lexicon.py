"""The user's own readings: lines `written<TAB>jyutping`, one syllable a character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.cantonese.characters import HAN
from voxgate.text.cantonese.script import traditional
from voxgate.text.cantonese.syllables import Syllable, parse_syllables, syllables_fault
from voxgate.text.term_lines import Term, read_terms

__all__ = ["Lexicon", "load_lexicon"]

_HAN_ONLY = re.compile(f"{HAN}+")


@dataclass(frozen=True)
class Lexicon:
    """Terms in traditional characters, and how each is read."""

    terms: Mapping[str, tuple[Syllable, ...]] = field(default_factory=dict)

    def parts(self, text: str) -> Iterator[tuple[str, tuple[Syllable, ...] | None]]:
        """Cut `text` into terms and what stands between them; of two terms the longer wins."""
        if not self.terms:
            yield text, None
            return
        for part in self._pattern.split(text):
            if part:
                yield part, self.terms.get(part)

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.terms, key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, longest_first))})")


def load_lexicon(path: Path | None) -> Lexicon:
    """Read the user's lexicon; without one, no term is known.

    Raises:
        ConfigError: lines are broken; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    if path is None:
        return Lexicon()
    return Lexicon(
        {
            traditional(term.written): parse_syllables(term.reading)
            for term in read_terms(path, check=_fault)
        }
    )


def _fault(term: Term) -> str | None:
    if not _HAN_ONLY.fullmatch(term.written):
        return f"{term.written!r}: need Chinese characters only"
    return syllables_fault(term.written, term.reading)
