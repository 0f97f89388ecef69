"""Hold every word of a folder of lexicons against how its sentences are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voxgate.corpus.user_lexicon import list_terms
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import SymbolTable
from voxgate.text.term_check import TermRow, check_term

__all__ = ["LexiconCheck", "check_lexicons"]


@dataclass(frozen=True, kw_only=True)
class LexiconCheck:
    """How many terms were tried, and every sentence in which one was."""

    terms: int
    rows: tuple[TermRow, ...]

    @property
    def differences(self) -> tuple[TermRow, ...]:
        """The sentences in which a term is not read as its line says."""
        return tuple(row for row in self.rows if not row.is_right)


def check_lexicons(
    lexicons: Mapping[str, Path], *, symbols: SymbolTable, languages: Sequence[str]
) -> LexiconCheck:
    """Read every term of `lexicons` (one file a language), as a voice of `languages` will.

    Raises:
        ConfigError: a lexicon has broken lines; names all of them.
        TextError: a lexicon is no text, or the libraries of a language are not installed.
    """
    spoken = list(dict.fromkeys([*languages, *lexicons]))

    @cache
    def opened(language: str) -> FrontEnd:
        others = [other for other in spoken if other != language]
        return open_front_end(language, symbols=symbols, lexicons=lexicons, languages=others)

    terms = 0
    rows: list[TermRow] = []
    for language, path in lexicons.items():
        opened(language)  # names the broken lines, of which `list_terms` knows nothing
        others = [other for other in languages if other != language]
        for term in list_terms(_read(path), language).values():
            terms += 1
            rows += check_term(term, language, others=others, open_front_end=opened)
    return LexiconCheck(terms=terms, rows=tuple(rows))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TextError(f"cannot read the user lexicon {path}: {error}; need UTF-8 text") from error
