"""Judge and normalise transcripts before anything listens to the audio.

Every change is named, and the manifest's own text is kept beside the changed one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from voxgate.corpus.validation.findings import Finding
from voxgate.corpus.validation.remarks import (
    find_remark,
    is_remark,
    without_emphasis,
    without_parentheses,
)
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import fold_characters, open_front_end
from voxgate.text.inline_readings import without_readings
from voxgate.text.languages import require_language
from voxgate.text.tags import without_tags

__all__ = ["Transcription", "further_languages", "read_transcript"]

_ENGLISH = "en"
_SHOWN = 5
_ENTITY = re.compile(r"&#?\w+;")
_ELLIPSIS = re.compile(r"\s*(?:\.{2,}|…)\s*")
_PUNCTUATION = set(" .,;:!?'\"-()%$€£&@/+=")


@dataclass(frozen=True, kw_only=True)
class Transcription:
    """The text to train on, and what was found or changed on the way to it."""

    text: str
    findings: tuple[Finding, ...]


def read_transcript(
    text: str, language: str, *, symbols: Mapping[str, str], languages: Sequence[str] = ()
) -> Transcription:
    """Normalise a manifest's text: what comes out is trained on and compared, all of it.

    English is described here; texts of other languages are left to their front end, which names
    what it cannot read, and may hold words of further `languages`, readings and language tags.

    Characters become those that the front end folds them to; '...' is dropped at the ends and
    becomes a comma inside; a free-standing symbol of `symbols` is spelled as it is said; what is
    said in parentheses stands between commas. Remarks, and characters that nobody can speak, are
    findings that reject.

    Raises:
        TextError: the language has no front end.
    """
    require_language(language)
    if language != _ENGLISH:
        return _read_by_front_end(text, language, languages)
    # Only with its semicolon: "Q&notes" is no entity.
    readable = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    if is_remark(readable):
        return _refused(text, "text_is_remark", "the words that are said", f"the remark {text!r}")
    if (remark := find_remark(readable)) is not None:
        return _refused(text, "remark_in_text", "only spoken words", repr(remark))
    findings: list[Finding] = []
    if odd := _odd_characters(readable, language):
        return Transcription(text=text, findings=(_odd(odd, language),))
    try:
        folded = _folded(readable, language)
    except TextError as error:  # letters that are read one by one, and not as a word
        return _refused(text, "odd_characters", f"letters of {language!r}", str(error))
    plain = text
    for code, change in (
        ("typography_normalised", lambda _: folded),
        ("ellipsis_removed", _without_ellipsis),
        ("symbols_spoken", lambda before: _spoken_symbols(before, symbols)),
        ("parentheses_spoken", without_parentheses),
    ):
        before, plain = plain, change(plain)
        if plain != before:
            findings.append(_change(code, before, plain))
    findings.extend(_content_faults(plain, language))
    return Transcription(text=plain, findings=tuple(findings))


def further_languages(language: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Return those of `languages` that decide what becomes of a text in `language`, sorted."""
    return () if language == _ENGLISH else tuple(sorted({*languages} - {language}))


def _read_by_front_end(text: str, language: str, languages: Sequence[str]) -> Transcription:
    """Keep the text as it is written, where its front end reads all of it."""
    readable = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    plain = without_tags(without_readings(readable))  # neither is a remark
    if is_remark(plain, language=language):
        return _refused(text, "text_is_remark", "the words that are said", f"the remark {text!r}")
    if (remark := find_remark(plain, language=language)) is not None:
        return _refused(text, "remark_in_text", "only spoken words", repr(remark))
    try:
        spoken = _front_end(language, further_languages(language, languages)).normalise(readable)
    except TextError as error:
        return _refused(text, "odd_characters", f"what {language!r} reads", str(error))
    if not any(map(str.isalnum, spoken)):
        return _refused(text, "empty_text", "at least one word", repr(text))
    kept = " ".join(without_emphasis(readable).split())
    findings = [] if kept == text else [_change("typography_normalised", text, kept)]
    return Transcription(text=kept, findings=tuple(findings))


@cache
def _front_end(language: str, languages: tuple[str, ...]) -> FrontEnd:
    return open_front_end(language, languages=languages)


def _folded(text: str, language: str) -> str:
    """The characters of the front end; what none sees (soft hyphens, joiners) is no gap."""
    visible = "".join(c for c in without_emphasis(text) if unicodedata.category(c) != "Cf")
    # An ellipsis alone has a rule of its own.
    plain = visible.replace("…", "")
    return " ".join(visible.split()) if plain.isascii() else fold_characters(language, visible)


def _odd_characters(text: str, language: str) -> list[str]:
    """What the front end refuses, or would pass over without a word."""
    odd = []
    for character in sorted(set(text)):
        category = unicodedata.category(character)
        if category == "Cf" or character.isspace():
            continue
        if not character.isascii():
            try:
                # What it drops on purpose closes up ("Brand™"); what it does not know is a gap.
                is_odd = fold_characters(language, f"a{character}a") == "a a"
            except TextError:
                is_odd = True
        else:
            is_odd = category == "Cc"
        if is_odd:
            odd.append(character)
    return odd


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
    odd = sorted({c for c in text if c.isascii() and not c.isalnum() and c not in _PUNCTUATION})
    if odd:
        return [_odd(odd, language)]
    if not any(c.isalnum() for c in text):
        return [Finding(code="empty_text", expected="at least one word", arrived=repr(text))]
    return []


def _odd(characters: list[str], language: str) -> Finding:
    listed = ", ".join(
        f"U+{ord(c):04X} ({unicodedata.name(c, 'unnamed')})" for c in characters[:_SHOWN]
    )
    return Finding(code="odd_characters", expected=f"letters of {language!r}", arrived=listed)
