"""Which languages have a front end, for those who ask before anything is opened.

`voxgate.text.front_ends` opens them: whoever imports that depends on every language's code.
"""

from __future__ import annotations

from voxgate.errors import TextError

__all__ = ["LANGUAGES", "require_language"]

LANGUAGES = ("en",)
"""Codes of the languages that have a front end."""


def require_language(language: str) -> None:
    """Pass a language that has a front end.

    Raises:
        TextError: it has none.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise TextError(
            f"language {language!r} has no text front end; there are: {known}. Name one of these "
            "where the language is declared, or add a front end (docs/text.md)"
        )
