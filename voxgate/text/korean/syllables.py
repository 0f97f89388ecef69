"""Hangul in its letters: syllables taken apart, put together, and as the networks know them.

The public networks were trained on the letters (jamo) of what is pronounced, diphthongs in two:
ㅑ is ㅣㅏ. A space is `空`, and a mark that is neither pause nor question is `停`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from voxgate.text.front_end import Phones

__all__ = [
    "SPACE",
    "STOP",
    "Border",
    "Syllable",
    "bring_n",
    "is_hangul",
    "phones_of",
    "split",
    "tense",
]

SPACE = "空"
"""The phone of a space."""

STOP = "停"
"""The phone of quotation marks, brackets and swung dashes."""

_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = 0xAC00, 0xD7A3

_IN_TWO = {
    "ㅑ": "ㅣㅏ",
    "ㅕ": "ㅣㅓ",
    "ㅛ": "ㅣㅗ",
    "ㅠ": "ㅣㅜ",
    "ㅒ": "ㅣㅐ",
    "ㅖ": "ㅣㅔ",
    "ㅘ": "ㅗㅏ",
    "ㅙ": "ㅗㅐ",
    "ㅚ": "ㅗㅣ",
    "ㅝ": "ㅜㅓ",
    "ㅞ": "ㅜㅔ",
    "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ",
}

_TENSE = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}


class Border(IntEnum):
    """What stands between a syllable and the next one."""

    INSIDE = 0
    """Nothing: both are of one morpheme."""

    MORPHEME = 1
    """A particle, an ending or a suffix begins."""

    WORD = 2
    """A noun or verb begins, written together with what is before it."""

    SPACE = 3


@dataclass(slots=True, kw_only=True)
class Syllable:
    """A syllable while rules work on it; letters are compatibility jamo."""

    lead: str
    """The first consonant; ㅇ is none."""

    vowel: str

    tail: str
    """The final consonants, or ""."""

    border: Border = Border.INSIDE
    """Between this syllable and the next one of its phrase."""

    stem: bool = False
    """The last one of a verb's or adjective's stem, before its ending."""

    number: bool = False
    """Of a number."""

    fixed: bool = False
    """A user says how this syllable and the next one sound together."""

    keeps_n: bool = False
    """A final ㄴ stays before ㄹ, which becomes ㄴ: 생산량."""

    def __str__(self) -> str:
        """Return the syllable as it is written."""
        lead, vowel = _LEADS.index(self.lead), _VOWELS.index(self.vowel)
        return chr(_FIRST + (lead * len(_VOWELS) + vowel) * len(_TAILS) + _TAILS.index(self.tail))


def is_hangul(char: str) -> bool:
    """Tell a whole syllable of hangul from any other character."""
    return len(char) == 1 and _FIRST <= ord(char) <= _LAST


def split(char: str) -> Syllable:
    """Take one syllable of hangul apart."""
    rest, tail = divmod(ord(char) - _FIRST, len(_TAILS))
    lead, vowel = divmod(rest, len(_VOWELS))
    return Syllable(lead=_LEADS[lead], vowel=_VOWELS[vowel], tail=_TAILS[tail])


def tense(syllable: Syllable) -> None:
    """Tense the first consonant, where it can be."""
    syllable.lead = _TENSE.get(syllable.lead, syllable.lead)


def bring_n(before: Syllable, syllable: Syllable) -> None:
    """Let ㄴ come in between a final consonant and a vowel (section 29 of the Standard)."""
    if before.tail and syllable.lead == "ㅇ":
        syllable.lead = "ㄴ"


def phones_of(syllable: Syllable) -> Phones:
    """Return the letters that the public networks know: ㅇ too where a vowel opens a syllable."""
    vowel = _IN_TWO.get(syllable.vowel, syllable.vowel)
    return (syllable.lead, *vowel, *((syllable.tail,) if syllable.tail else ()))
