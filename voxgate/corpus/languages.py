"""The ways in which lists name a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from voxgate.text.languages import LANGUAGES

__all__ = ["corpus_languages", "language_code"]

_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z0-9]{2,8})*")

_NAMES = {
    "english": "en",
    "eng": "en",
    "chinese": "zh",
    "mandarin": "zh",
    "zho": "zh",
    "cmn": "zh",
    "japanese": "ja",
    "jpn": "ja",
    "jp": "ja",
    "korean": "ko",
    "kor": "ko",
    "kr": "ko",
    "cantonese": "yue",
    "german": "de",
    "deu": "de",
    "french": "fr",
    "fra": "fr",
    "spanish": "es",
    "spa": "es",
}


def language_code(written: str) -> str | None:
    """Return the ISO 639 code of `en-US`, `EN_us`, `English`; None where it names no language.

    A region says how a language is written, and no front end here tells them apart.
    """
    name = written.strip().lower().replace("_", "-")
    tag = _TAG.fullmatch(name)
    code = tag.group(1) if tag else name
    return _NAMES.get(code, code if tag else None)


def corpus_languages(spoken: Iterable[str], further: Sequence[str]) -> list[str]:
    """Return the languages of clips that have a front end, the most frequent first, then `further`.

    A clip in any other language is dropped by name where its text is read.

    >>> corpus_languages(["zh", "fr", "en", "zh"], ["ja", "en"])
    ['zh', 'en', 'ja']
    """
    counts = Counter(language for language in spoken if language in LANGUAGES)
    by_count = sorted(counts, key=lambda language: (-counts[language], language))
    return list(dict.fromkeys([*by_count, *further]))
