"""The ways in which lists name a language."""

from __future__ import annotations

import re

__all__ = ["language_code"]

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
