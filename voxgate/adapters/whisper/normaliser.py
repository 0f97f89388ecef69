"""Whisper's text normalisers: those of published error rates, and the English spelling rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

from voxgate.files import digest_bytes, digest_json

__all__ = [
    "BASIC_NAME",
    "PUBLISHED_NAME",
    "load_basic_normaliser",
    "load_normaliser",
    "load_spelling",
    "rules_digest",
]

PUBLISHED_NAME = "EnglishTextNormalizer"
BASIC_NAME = "BasicTextNormalizer"
_RULES = ("basic.py", "english.py", "english.json")


def load_normaliser() -> Callable[[str], str]:
    """Return the normaliser of the installed openai-whisper, whole, as its paper describes it.

    Published word error rates were counted after it. It deletes what stands in brackets and loses
    a unit behind the number one ("one dollar" becomes "one"), so it does not judge.
    """
    from whisper.normalizers import EnglishTextNormalizer

    normaliser: Callable[[str], str] = EnglishTextNormalizer()
    return normaliser


def load_basic_normaliser(*, by_characters: bool) -> Callable[[str], str]:
    """Return the normaliser that Whisper's paper counts other languages than English after.

    It removes no diacritics: of Japanese they are the marks of voiced sounds. `by_characters` puts
    a space between all characters, which makes a character error rate of a word error rate.
    """
    from whisper.normalizers import BasicTextNormalizer

    normaliser: Callable[[str], str] = BasicTextNormalizer(
        remove_diacritics=False, split_letters=by_characters
    )
    return normaliser


def load_spelling() -> Callable[[str], str]:
    """Return only what makes contractions, fillers, titles and British spellings equal.

    Numbers, signs and brackets are left alone: the text is expected as it is spoken.
    """
    from whisper.normalizers import EnglishTextNormalizer

    whole = EnglishTextNormalizer()
    fillers = re.compile(whole.ignore_patterns)
    contractions = [(re.compile(pattern), full) for pattern, full in whole.replacers.items()]

    def spell(text: str) -> str:
        text = fillers.sub("", text.lower())
        for pattern, full in contractions:
            text = pattern.sub(full, text)
        return str(whole.standardize_spellings(text))

    return spell


def rules_digest() -> str:
    """Name the rules of the installed openai-whisper by the bytes of their files."""
    folder = files("whisper.normalizers")
    return digest_json({name: digest_bytes((folder / name).read_bytes()) for name in _RULES})
