"""What happens where two syllables meet: the regular rules of the Korean Standard Pronunciation.

Numbers of sections are those of 표준 발음법 (Ministry of Culture notice 2017-13). Meetings do not
influence each other, so each is settled by itself: the final consonants of the left syllable, the
first one of the right one, and what stands between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from voxgate.text.korean.syllables import Border, Syllable, tense

__all__ = ["pronounce_syllables"]

_REPRESENTATIVE = {
    **dict.fromkeys(("ㄱ", "ㄲ", "ㅋ", "ㄳ", "ㄺ"), "ㄱ"),
    **dict.fromkeys(("ㄴ", "ㄵ", "ㄶ"), "ㄴ"),
    **dict.fromkeys(("ㄷ", "ㅅ", "ㅆ", "ㅈ", "ㅊ", "ㅌ", "ㅎ"), "ㄷ"),
    **dict.fromkeys(("ㄹ", "ㄼ", "ㄽ", "ㄾ", "ㅀ"), "ㄹ"),
    **dict.fromkeys(("ㅁ", "ㄻ"), "ㅁ"),
    **dict.fromkeys(("ㅂ", "ㅍ", "ㅄ", "ㄿ"), "ㅂ"),
    "ㅇ": "ㅇ",
}
"""Sections 9 to 11: seven consonants end a syllable."""

_CLUSTERS = {
    "ㄳ": ("ㄱ", "ㅆ"),
    "ㄵ": ("ㄴ", "ㅈ"),
    "ㄺ": ("ㄹ", "ㄱ"),
    "ㄻ": ("ㄹ", "ㅁ"),
    "ㄼ": ("ㄹ", "ㅂ"),
    "ㄽ": ("ㄹ", "ㅆ"),
    "ㄾ": ("ㄹ", "ㅌ"),
    "ㄿ": ("ㄹ", "ㅍ"),
    "ㅄ": ("ㅂ", "ㅆ"),
    "ㄶ": ("", "ㄴ"),
    "ㅀ": ("", "ㄹ"),
    "ㅎ": ("", "ㅇ"),
}
"""Sections 12.4 and 14: what stays, and what the next syllable begins with."""

_PALATAL = {"ㄷ": ("", "ㅈ"), "ㅌ": ("", "ㅊ"), "ㄾ": ("ㄹ", "ㅊ")}
"""Section 17, before 이 and 여."""

_ASPIRATED_BY_NEXT = {
    **dict.fromkeys(("ㄱ", "ㄲ", "ㅋ", "ㄳ"), ("", "ㅋ")),
    "ㄺ": ("ㄹ", "ㅋ"),
    **dict.fromkeys(("ㅂ", "ㅍ", "ㅄ"), ("", "ㅍ")),
    "ㄼ": ("ㄹ", "ㅍ"),
    **dict.fromkeys(("ㄷ", "ㅅ", "ㅆ", "ㅊ", "ㅌ"), ("", "ㅌ")),
    "ㅈ": ("", "ㅊ"),
    "ㄵ": ("ㄴ", "ㅊ"),
    "ㅎ": ("", "ㅎ"),
}
"""Section 12.1, additions 1 and 2: before ㅎ."""

_ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅈ": "ㅊ", "ㅂ": "ㅍ"}
_H_TAILS = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}
_NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
_LINKS_OVER_SPACE = frozenset("ㅏㅓㅗㅜㅟㅘ")
_SAME_ALONE = frozenset("ㄱㄴㄷㄹㅁㅂㅇ")


def pronounce_syllables(syllables: Sequence[Syllable]) -> None:
    """Change the syllables of one phrase, which no mark interrupts, to what is heard."""
    for syllable in syllables:
        if syllable.vowel == "ㅢ" and syllable.lead != "ㅇ":
            syllable.vowel = "ㅣ"  # section 5.3: 희망 is 히망; a 의 that is linked stays, 문의 무늬
    for left, right in pairwise(syllables):
        if left.tail and not left.fixed:
            _meet(left, right)
    if syllables:
        _end(syllables[-1])
    for syllable in syllables:
        if syllable.lead in "ㅈㅉㅊ" and syllable.vowel == "ㅕ":
            syllable.vowel = "ㅓ"  # section 5.1: 져 is 저, 붙여 부처


def _meet(left: Syllable, right: Syllable) -> None:
    if right.lead == "ㅇ":
        _before_vowel(left, right)
    elif right.lead == "ㅎ":
        _before_h(left, right)
    elif left.tail in _H_TAILS:
        _after_h(left, right)
    else:
        _before_consonant(left, right)


def _before_vowel(left: Syllable, right: Syllable) -> None:
    """Sections 13 to 17; a new word takes over no more than the representative consonant."""
    if left.border is Border.SPACE:
        plain = left.tail in _SAME_ALONE
        _end(left)
        if not plain and left.tail in "ㄱㄷㅂ" and right.vowel in _LINKS_OVER_SPACE:
            left.tail, right.lead = "", left.tail
        return
    if left.tail == "ㅇ":
        return
    if left.border is Border.WORD and left.tail not in _H_TAILS:
        _end(left)
        left.tail, right.lead = "", left.tail
    elif left.tail in _PALATAL and right.vowel in "ㅣㅕ":
        left.tail, right.lead = _PALATAL[left.tail]
    elif left.tail in _CLUSTERS:
        left.tail, right.lead = _CLUSTERS[left.tail]
    else:
        left.tail, right.lead = "", left.tail


def _before_h(left: Syllable, right: Syllable) -> None:
    if left.tail in ("ㄷ", "ㄾ") and right.vowel == "ㅣ" and left.border < Border.WORD:
        left.tail, right.lead = ("ㄹ" if left.tail == "ㄾ" else ""), "ㅊ"  # section 17, addition
    elif left.tail == "ㄷ" and right.vowel == "ㅕ" and left.border is Border.INSIDE:
        left.tail, right.lead = "", "ㅊ"
    elif left.tail == "ㅈ" and left.border > Border.INSIDE:
        left.tail, right.lead = "", "ㅌ"
    elif left.tail in _ASPIRATED_BY_NEXT:
        left.tail, right.lead = _ASPIRATED_BY_NEXT[left.tail]
    else:
        _end(left)


def _after_h(left: Syllable, right: Syllable) -> None:
    """Section 12: ㅎ joins ㄱ ㄷ ㅈ, tenses ㅅ, and is lost before the rest."""
    rest = _H_TAILS[left.tail]
    if right.lead in _ASPIRATED:
        left.tail, right.lead = rest, _ASPIRATED[right.lead]
    elif right.lead == "ㅅ":
        left.tail, right.lead = rest, "ㅆ"
    elif right.lead == "ㄴ" and rest == "ㄹ":
        left.tail, right.lead = rest, "ㄹ"
    elif right.lead in "ㄴㅁ":
        left.tail = rest or "ㄴ"
    else:
        _end(left)


def _before_consonant(left: Syllable, right: Syllable) -> None:
    written = left.tail
    _end(left, before=right)
    if _tenses(written, left):
        tense(right)
    if right.lead in "ㄴㅁ" and left.tail in _NASAL:  # section 18
        left.tail = _NASAL[left.tail]
    elif right.lead == "ㄹ" and left.tail in ("ㅁ", "ㅇ", *_NASAL):  # section 19
        left.tail, right.lead = _NASAL.get(left.tail, left.tail), "ㄴ"
    elif right.lead == "ㄹ" and left.tail == "ㄴ":  # section 20
        if left.keeps_n:
            right.lead = "ㄴ"
        else:
            left.tail = "ㄹ"
    elif right.lead == "ㄴ" and left.tail == "ㄹ":
        right.lead = "ㄹ"


def _tenses(written: str, left: Syllable) -> bool:
    """Sections 23 to 25: behind stops always, behind ㄴ ㅁ ㄼ ㄾ at the end of a stem."""
    if written in ("ㄴ", "ㅁ", "ㄻ", "ㄼ", "ㄾ"):
        return left.stem or written == "ㄾ" or left.tail == "ㅂ"
    return written not in "ㄹㅇ"


def _end(syllable: Syllable, *, before: Syllable | None = None) -> None:
    """Leave one of the seven consonants; 밟 and 맑 read as stems do before what follows."""
    if not syllable.tail:
        return
    if syllable.tail == "ㄼ" and before is not None:
        flat = syllable.lead == "ㄴ" and (  # 넓죽하다, 넓둥글다, 넓적하다
            (before.lead in "ㄷㅈ" and before.vowel == "ㅜ")
            or (before.lead == "ㅈ" and before.vowel == "ㅓ")
        )
        if syllable.lead == "ㅂ" or flat:
            syllable.tail = "ㅂ"
            return
    if syllable.tail == "ㄺ" and syllable.stem and before is not None and before.lead in "ㄱㄲ":
        syllable.tail, before.lead = "ㄹ", "ㄲ"
        return
    syllable.tail = _REPRESENTATIVE[syllable.tail]
