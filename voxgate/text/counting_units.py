"""What errors of speech are counted in: the unit of each language, and how its rate is called.

A Chinese sentence has no words between spaces, and which characters write a syllable is a choice
of the recogniser that nobody hears. So each language is counted in what a listener hears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["WORD", "CountingUnit", "counting_unit", "length_class", "named_unit"]


@dataclass(frozen=True, kw_only=True)
class CountingUnit:
    """A unit of speech. `code` is its name in evidence, `rate` that of its error rate.

    `written` is the rate by characters as they are written, where that is another one.
    """

    code: str
    plural: str
    rate: str
    written: str | None = "CER"
    published: str = "CER"
    """How published figures of the language are counted."""

    has_tones: bool = False
    """The rate without tones stands beside it."""

    @property
    def title(self) -> str:
        """What the rate is called in full."""
        return f"{self.code} error rate"


WORD = CountingUnit(code="word", plural="words", rate="WER", published="WER")
_SYLLABLE = CountingUnit(
    code="syllable", plural="syllables with their tone", rate="SER", has_tones=True
)
_KANA = CountingUnit(code="kana", plural="kana as pronounced", rate="KER")
_CHARACTER = CountingUnit(
    code="character",
    plural="characters as spoken, without spaces",
    rate="CER",
    written=None,
    published="WER",
)

_UNITS: Mapping[str, CountingUnit] = {
    "en": WORD,
    "zh": _SYLLABLE,
    "yue": _SYLLABLE,
    "ja": _KANA,
    "ko": _CHARACTER,
}
_BY_CODE = {unit.code: unit for unit in _UNITS.values()}

# Up to which length a sentence is short, and up to which medium.
_LENGTHS: Mapping[str, tuple[int, int]] = {"zh": (10, 20), "yue": (10, 20), "ja": (15, 30)}
_WORDS = (7, 14)


def counting_unit(language: str) -> CountingUnit:
    """Return what errors in a language are counted in; words where nothing else is known."""
    return _UNITS.get(language, WORD)


def named_unit(code: object) -> CountingUnit:
    """Return the unit that evidence names; evidence that names none counted words.

    Raises:
        ValueError: there is no such unit.
    """
    if code is None:
        return WORD
    if code not in _BY_CODE:
        raise ValueError(f"unit {code!r}: expected one of {', '.join(_BY_CODE)}")
    return _BY_CODE[str(code)]


def length_class(length: int, language: str) -> str:
    """Return whether a sentence is short, medium or long.

    Its length is in words; of languages that write none between spaces, in characters.
    """
    short, medium = _LENGTHS.get(language, _WORDS)
    if length <= short:
        return "short"
    return "medium" if length <= medium else "long"
