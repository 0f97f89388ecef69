"""The languages that have a front end: to add one, write its folder and name it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.symbols import SymbolTable, symbol_table

__all__ = ["LANGUAGES", "open_front_end", "require_language"]


def open_front_end(
    language: str, *, symbols: SymbolTable | None = None, lexicon: Path | None = None
) -> FrontEnd:
    """Open the front end of a language; the table is v2 by default.

    `lexicon` holds the user's own pronunciations, in the form that the language has for them.

    Raises:
        TextError: the language has no front end, or the lexicon is missing or no text.
        ConfigError: the lexicon has broken lines; names all of them.
    """
    require_language(language)
    return _OPENERS[language](symbols or symbol_table("v2"), lexicon)


def require_language(language: str) -> None:
    """Pass a language that has a front end.

    Raises:
        TextError: it has none.
    """
    if language not in _OPENERS:
        known = ", ".join(LANGUAGES)
        raise TextError(
            f"language {language!r} has no text front end; there are: {known}. Name one of these "
            "where the language is declared, or add a front end (docs/text.md)"
        )


def _english(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.english.front_end import open_english

    return open_english(symbols, lexicon=lexicon)


# Imported when first opened: a language may need libraries that only its users install.
_OPENERS: Mapping[str, Callable[[SymbolTable, Path | None], FrontEnd]] = {"en": _english}

LANGUAGES = tuple(_OPENERS)
"""Codes of the languages that have a front end."""
