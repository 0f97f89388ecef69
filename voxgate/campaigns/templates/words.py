"""Read names and free texts so that no value can end a sentence or say what is not written.

The front end unfolds marks ("‼", "⒈", "㏂") and takes texts out of HTML and Markdown, and it does
so with the whole sentence. So the folded characters are looked at, and only those pass that can do
nothing to their neighbours: no entity becomes a full stop, no tag hides the words between values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from voxgate.campaigns.templates.slots import ValueFault
from voxgate.errors import TextError
from voxgate.excerpts import excerpt
from voxgate.printable import describe_character, find_unprintable
from voxgate.text.front_ends import fold_characters
from voxgate.text.scripts import script_of

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "write_name", "write_text"]

LONGEST_NAME = 60
"""Characters of a name."""

LONGEST_TEXT = 120
"""Characters of a text."""

MOST_DIGITS = 24
"""Digits of a text: each becomes up to a dozen characters when it is said."""

_ABBREVIATED = frozenset(
    (
        "dr",
        "mr",
        "mrs",
        "ms",
        "mx",
        "prof",
        "rev",
        "hon",
        "st",
        "ste",
        "ft",
        "jr",
        "sr",
        "esq",
        "gen",
        "col",
        "capt",
        "maj",
        "lt",
        "sgt",
        "sen",
        "gov",
        "fr",
        "md",
        "phd",
    )
)
_POINTED = re.compile(r"(?P<word>[^\W\d_]+)\.(?=$|[\s,.)'\"-]|[^\W\d_])")
_NAME = re.compile(r"[A-Za-z ,'\"&()-]")
_TEXT = re.compile(r"[A-Za-z0-9 ,'\"&()/%+#:;@$=°€£¥₹¢μΩ-]|(?<=[0-9])\.(?=[0-9])")
_SCRIPTS: Mapping[str, frozenset[str]] = {
    "zh": frozenset({"han"}),
    "yue": frozenset({"han"}),
    "ja": frozenset({"han", "kana"}),
    "ko": frozenset({"hangul"}),
}
"""Letters of names and texts beside Latin ones, which stand in texts of every language."""

_WIDE_MARKS = "，、（）：；·・"
"""What such texts write for the marks that pass here; and the point between foreign names."""

_ENDS = ".!?…。！？"
_PAUSES = " ,;:-‐‑‒–—―"
_TRADE_MARKS = "™®©℠"
_JOINERS = re.compile("[\u200c\u200d]")
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_TIGHT_AND = re.compile(r"&(?=[#\w][#\w])")
_ROMAN = re.compile(r"[IVX]+")
_CAPITALS = re.compile(r"(?<![^\W_'])[^\W\d_]{3,}(?![^\W_])")
_VOWELS = re.compile("[AEIOUY]")


def write_name(raw: str, language: str) -> str | ValueFault:
    """Return a name without the points of abbreviations: "J. R. Smith, Jr." is "J R Smith, Jr".

    A name in capitals is written as one ("ANNA" is "Anna"), for short ones would be spelled.
    """
    text = _tidied(raw)
    text = _BLANKS.sub(" ", _POINTED.sub(_unpointed, text)).strip().rstrip(_PAUSES)
    fault = _character_fault(text, _NAME, LONGEST_NAME, language)
    if fault is None and any(character.isdigit() for character in text):
        fault = ValueFault(code="unreadable", detail="a name holds no digits; make the slot a text")
    return fault or _CAPITALS.sub(_as_name, text)


def write_text(raw: str, language: str) -> str | ValueFault:
    """Return a free text without ends of sentences: points stand between digits only."""
    text = _tidied(raw)
    fault = _character_fault(text, _TEXT, LONGEST_TEXT, language)
    digits = sum(character.isdigit() for character in text)
    if fault is None and digits > MOST_DIGITS:
        fault = ValueFault(
            code="too_long", detail=f"{digits} digits, at most {MOST_DIGITS} are said; shorten it"
        )
    return fault or text


def _tidied(raw: str) -> str:
    """Return the value in NFC, without joiners, which only join the shapes of letters.

    A grave accent is written for an apostrophe ("O`Brien"), and in pairs marks code. A blank after
    "&" keeps it from beginning an entity with what follows: "&excl" and the template's ";" would
    be an exclamation mark. A pause at the end is the template's affair: behind a dash its "St." is
    no street.
    """
    plain = unicodedata.normalize("NFC", _JOINERS.sub("", raw)).replace("`", "'")
    return _TIGHT_AND.sub("& ", plain).rstrip(_PAUSES)


def _unpointed(match: re.Match[str]) -> str:
    word = match["word"]
    if len(word) > 1 and word.lower() not in _ABBREVIATED:
        return match.group()
    return f"{word} "


def _as_name(match: re.Match[str]) -> str:
    word = match.group()
    if not word.isupper() or _ROMAN.fullmatch(word) or not _VOWELS.search(_plain(word)):
        return word
    return word.capitalize()


def _plain(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def _character_fault(
    text: str, allowed: re.Pattern[str], longest: int, language: str
) -> ValueFault | None:
    """Return why the first character that cannot be written cannot; None where all can."""
    if len(text) > longest:
        return ValueFault(
            code="too_long",
            detail=f"{len(text)} characters, at most {longest} are said; shorten it",
        )
    hidden = find_unprintable(text)
    if hidden:
        return _refused("control_character", hidden, "it does not print; remove it")
    brace = next((character for character in text if character in "{}"), None)
    if brace:
        return _refused("brace", brace, "a value opens no slot, and braces cannot be said")
    try:
        folded = fold_characters(language, text)
    except TextError as error:
        return ValueFault(code="unreadable", detail=str(error))
    return _mark_fault(folded, allowed, language) or _silent_fault(text, language)


def _mark_fault(folded: str, allowed: re.Pattern[str], language: str) -> ValueFault | None:
    if not any(character.isalnum() for character in folded):
        return ValueFault(
            code="nothing_to_say", detail=f"{excerpt(folded)} has no letter and no digit"
        )
    for place, character in enumerate(folded):
        if allowed.match(folded, place) or _is_own(character, language):
            continue
        if character in _ENDS:
            return _refused(
                "sentence_end", character, "it would cut the sentence in two; write it without"
            )
        return _refused("unreadable", character, "such a value cannot hold it; write it in words")
    return None


def _is_own(character: str, language: str) -> bool:
    """Tell whether a character is a letter or a mark of a language that is not English."""
    scripts = _SCRIPTS.get(language)
    return scripts is not None and (character in _WIDE_MARKS or script_of(character) in scripts)


def _silent_fault(text: str, language: str) -> ValueFault | None:
    """Refuse pictures: the front end would leave them out, and nothing is lost in silence."""
    if text.isascii():
        return None
    for character in text:
        may_be_silent = unicodedata.category(character)[0] in "MPZ" or character in _TRADE_MARKS
        if not may_be_silent and not fold_characters(language, character):
            return _refused("unreadable", character, "it has no sound; leave it out")
    return None


def _refused(code: str, character: str, why: str) -> ValueFault:
    return ValueFault(code=code, detail=f"{describe_character(character)}: {why}")
