"""How numbers sound: 십육 is 심뉵, 칠십 칠씹, and the decimal point 쩜."""

from __future__ import annotations

import re
from collections.abc import Mapping

from voxgate.text.korean.syllables import Syllable, bring_n, tense

__all__ = ["NUMERALS", "mark_numbers"]

NUMERALS = "영공일이삼사오육칠팔구십백천만억조"

_NUMBER = re.compile(f"(?:(?<![가-힣])|(?<=[제약총점매만경해]))[{NUMERALS}]{{2,}}")
_SIX = re.compile("(?<=[십백천만억])육")
_TENSE = re.compile("(?<=[일칠팔])(?:십|조|[사삼](?![가-힣]{0,2}[람장]))")
_POINT = re.compile(f"(?<=[{NUMERALS}])점(?=[{NUMERALS}])")
_COUNTED = re.compile(
    f"(?:(?<=[{NUMERALS}][일칠팔])|(?<=^[일칠팔])|(?<= [일칠팔]))"
    "(?:주(?=[일간 ]|$)|(?:[등단점조세승석절]|(?<=[칠팔])도)(?=[이은을의만과로에, ]|입니|$))"
)
"""Sino-Korean counters behind ㄹ, as section 26 of the Standard has it for words: 일등, 칠도."""


def mark_numbers(text: str, syllables: Mapping[int, Syllable]) -> None:
    """Change the syllables of the numbers of `text`, by their places."""
    for number in _NUMBER.finditer(text):
        for six in _SIX.finditer(text, number.start(), number.end()):
            _change(six.start(), syllables, six=True)
        for found in _TENSE.finditer(text, number.start(), number.end()):
            _change(found.start(), syllables)
    for pattern in (_POINT, _COUNTED):
        for found in pattern.finditer(text):
            _change(found.start(), syllables)


def _change(place: int, syllables: Mapping[int, Syllable], *, six: bool = False) -> None:
    syllable, before = syllables.get(place), syllables.get(place - 1)
    if syllable is None or before is None:
        return
    if six:
        bring_n(before, syllable)
    else:
        tense(syllable)
