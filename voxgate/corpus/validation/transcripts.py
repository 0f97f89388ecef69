"""Judge and normalise transcripts before anything listens to the audio.

Every change is named, and the manifest's own text is kept beside the changed one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from voxgate.corpus.validation.findings import Finding

__all__ = ["Transcription", "read_transcript"]

_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "}
)
_WHOLE_REMARK = re.compile(r"^\s*(\[[^\]]*\]|\([^)]*\)|<[^>]*>)\s*$")
_INNER_REMARK = re.compile(r"\[[^\]]*\]|<[^>]*>")
_ELLIPSIS = re.compile(r"\s*(?:\.{2,}|…)\s*")
_PUNCTUATION = set(" .,;:!?'\"-()%$€£&@/+=")
_SCRIPTS = {"ru": "CYRILLIC", "zh": "CJK", "ja": "", "ko": "HANGUL"}


@dataclass(frozen=True, kw_only=True)
class Transcription:
    """The text to train on, and what was found or changed on the way to it."""

    text: str
    findings: tuple[Finding, ...]


def read_transcript(text: str, language: str, *, symbols: Mapping[str, str]) -> Transcription:
    """Normalise a manifest's text.

    Quotes, dashes and white space become plain; '...' is dropped at the ends and becomes a comma
    inside; a free-standing symbol of `symbols` is spelled as it is said. Bracketed remarks, and
    characters that nobody can speak, are findings that reject.
    """
    if _WHOLE_REMARK.match(text):
        return _refused(text, "text_is_remark", "the words that are said", f"the remark {text!r}")
    if remark := _INNER_REMARK.search(text):
        return _refused(text, "remark_in_text", "only spoken words", f"{remark.group()!r}")
    findings: list[Finding] = []
    plain = " ".join(text.translate(_TYPOGRAPHY).split())
    if plain != text:
        findings.append(_change("typography_normalised", text, plain))
    text, plain = plain, _without_ellipsis(plain)
    if plain != text:
        findings.append(_change("ellipsis_removed", text, plain))
    text, plain = plain, _spoken_symbols(plain, symbols)
    if plain != text:
        findings.append(_change("symbols_spoken", text, plain))
    findings.extend(_content_faults(plain, language))
    return Transcription(text=plain, findings=tuple(findings))


def _refused(text: str, code: str, expected: str, arrived: str) -> Transcription:
    finding = Finding(code=code, expected=expected, arrived=arrived)
    return Transcription(text=text, findings=(finding,))


def _change(code: str, before: str, after: str) -> Finding:
    return Finding(code=code, expected="text as it is spoken", arrived=f"{before!r}, now {after!r}")


def _without_ellipsis(text: str) -> str:
    if not _ELLIPSIS.search(text):
        return text
    inner = _ELLIPSIS.sub(", ", text)
    return re.sub(r"(, )+", ", ", inner).strip(" ,")


def _spoken_symbols(text: str, symbols: Mapping[str, str]) -> str:
    words = [symbols.get(word, word) for word in text.split(" ")]
    return " ".join(words)


def _content_faults(text: str, language: str) -> list[Finding]:
    odd = sorted({c for c in text if not _speakable(c, language)})
    if odd:
        listed = ", ".join(f"U+{ord(c):04X} ({unicodedata.name(c, 'unnamed')})" for c in odd[:5])
        return [Finding(code="odd_characters", expected=f"letters of {language!r}", arrived=listed)]
    if not any(c.isalnum() for c in text):
        return [Finding(code="empty_text", expected="at least one word", arrived=repr(text))]
    return []


def _speakable(character: str, language: str) -> bool:
    if character in _PUNCTUATION or character in "0123456789":
        return True
    if unicodedata.category(character)[0] not in "LM":
        return False
    script = _SCRIPTS.get(language, "LATIN")
    return unicodedata.name(character, "").startswith((script, "COMBINING"))
