"""A user's own readings: `lexicon.zh.tsv`, pinyin with digits, a syllable for each character."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.errors import TextError
from voxgate.text.chinese.phones import is_syllable
from voxgate.text.chinese.phrases import known_syllables, simplified
from voxgate.text.term_lines import read_terms

__all__ = ["Lexicon", "fault_of_reading", "load_lexicon", "syllables_of"]

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff〇]+")
_MARK = re.compile(r"[,.!?…，。！？、；：]")


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """Terms by how they are written in simplified characters, and a pattern that finds them."""

    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None


def load_lexicon(path: Path | None) -> Lexicon:
    """Read the user's file, if there is one.

    Raises:
        ConfigError: lines are broken, or a reading is none; names all of them.
        TextError: the file is missing or is not UTF-8 text.
    """
    if path is None:
        return Lexicon()
    terms = {
        simplified(term.written): syllables_of(term.reading)
        for term in read_terms(
            path, check=lambda term: fault_of_reading(term.written, term.reading)
        )
    }
    if not terms:
        return Lexicon()
    longest_first = sorted(terms, key=len, reverse=True)
    return Lexicon(terms=terms, pattern=re.compile("|".join(map(re.escape, longest_first))))


def syllables_of(reading: str) -> tuple[str, ...]:
    """Return the syllables of a reading, ü written as v.

    Raises:
        TextError: one is no syllable of Mandarin.
    """
    syllables = tuple(part.replace("ü", "v").replace("u:", "v") for part in reading.lower().split())
    for syllable in syllables:
        if not (is_syllable(syllable) and syllable[:-1] in known_syllables()):
            raise TextError(
                f"{syllable!r} in the reading {reading!r} is no syllable of Mandarin; need pinyin "
                "with a tone from 1 to 5 (5: none), syllables parted by blanks, as yin2 hang2"
            )
    return syllables


def fault_of_reading(written: str, reading: str) -> str | None:
    """Return what is wrong with a term, or None."""
    if _MARK.search(written):
        return f"{written!r}: a word has no marks inside"
    try:
        syllables = syllables_of(reading)
    except TextError as error:
        return f"{written!r}: {error}"
    if _HAN.fullmatch(written) and len(syllables) != len(written):
        return (
            f"{written!r} has {len(written)} characters and {reading!r} has {len(syllables)} "
            "syllables; need one syllable for each character"
        )
    return None
