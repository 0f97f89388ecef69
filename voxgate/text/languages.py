"""Which languages have a front end, for those who ask before anything is opened.

`voxgate.text.front_ends` opens them: whoever imports that depends on every language's code.
"""

from __future__ import annotations

from voxgate.errors import TextError

__all__ = [
    "EXTRAS",
    "HEARD_AS",
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "PACKAGES",
    "TABLES",
    "heard_as",
    "require_language",
]

LANGUAGES = ("en", "zh", "ja", "yue", "ko")
"""Codes of the languages that have a front end."""

LANGUAGE_NAMES = {
    "en": "English",
    "zh": "Chinese",
    "ja": "Japanese",
    "yue": "Cantonese",
    "ko": "Korean",
}

PACKAGES = {
    "en": "voxgate.text.english",
    "zh": "voxgate.text.chinese",
    "ja": "voxgate.text.japanese",
    "yue": "voxgate.text.cantonese",
    "ko": "voxgate.text.korean",
}
"""Where the rules of a language are: its module `front_end` imports all of them."""

TABLES = {
    "en": ("v1", "v2"),
    "zh": ("v1", "v2"),
    "ja": ("v1", "v2"),
    "yue": ("v2",),
    "ko": ("v2",),
}
"""Which symbol tables hold the phonemes of a language."""

HEARD_AS = {"yue": "zh"}
"""What a recogniser calls a language that it was not taught to tell from another."""

EXTRAS = ("zh", "ja", "yue", "ko")
"""Languages whose libraries are installed as an extra of the same name: `voxgate[zh]`."""


def heard_as(language: str) -> str:
    """Return the language that a recogniser is told, and will say that it heard.

    >>> heard_as("yue"), heard_as("ja")
    ('zh', 'ja')
    """
    return HEARD_AS.get(language, language)


def require_language(language: str, *, symbols: str | None = None) -> None:
    """Pass a language that has a front end, and whose phonemes the table `symbols` holds.

    Raises:
        TextError: it has none, or the table was made without it.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise TextError(
            f"language {language!r} has no text front end; there are: {known}. Name one of these "
            "where the language is declared, or add a front end (docs/text.md)"
        )
    if symbols is not None and symbols not in TABLES[language]:
        raise TextError(
            f"the phoneme table {symbols!r} has no {LANGUAGE_NAMES[language]} ({language}); it is "
            f"in {', '.join(TABLES[language])} (featurize.symbols)"
        )
