"""Say the numbers that no other rule has read: quantities, ranks, and codes without a label."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import NUMBER, say_digits, say_number
from voxgate.text.han.vocabulary import (
    AMOUNT_AFTER,
    AMOUNT_BEFORE,
    CODE_BEFORE,
    COUNTERS,
    PAIRED,
    RANK_AFTER,
    YEAR_BEFORE,
)
from voxgate.text.han.wording import Wording

__all__ = ["say_before", "speak_numbers"]

_NUMBER = re.compile(rf"(?P<minus>(?<![\dA-Za-z%)）])[-−](?=[\d.]))?(?P<number>{NUMBER})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_COUNTERS = tuple(COUNTERS.split())
_PAIRED = tuple(PAIRED.split())
_RANKS = tuple(RANK_AFTER.split())
_AMOUNT_AFTER = tuple(AMOUNT_AFTER.split())
_AMOUNT_BEFORE = tuple(AMOUNT_BEFORE.split())
_YEAR_BEFORE = tuple(YEAR_BEFORE.split())
_CODE_BEFORE = tuple(word for word in CODE_BEFORE.split() if len(word) > 1)
_MARKS = ("", "，", "。", "！", "？", "、", "；", "：", ",", ".", "!", "?", "…", ";", ":")
_WINDOW = 8
_SHORT = 2
_LONG = 8


def say_before(number: str, after: str, wording: Wording) -> str:
    """Say a number before the words `after`: 两个, but 二楼 and 第二个."""
    if number == "2" and not after.startswith(_RANKS):
        counted = (*_COUNTERS, *_PAIRED, *wording.counters.split())
        if after.startswith(counted):
            return wording.two
    return say_number(number, wording)


def speak_numbers(text: str, wording: Wording) -> str:
    """Say every number that is left, as a quantity or digit by digit."""

    def said(match: re.Match[str]) -> str:
        number = match["number"]
        before = text[max(0, match.start() - _WINDOW) : match.start()].rstrip()
        after = text[match.end() : match.end() + _WINDOW].lstrip()
        sign = wording.minus if match["minus"] else ""
        if before.endswith("第"):
            return say_number(number, wording)
        if not sign and number.isdecimal() and len(number) > _SHORT:
            if _is_year(number, before, after):
                return say_digits(number, wording)
            if _is_code(number, before, after, wording):
                return say_digits(number, wording, code=True)
        return sign + say_before(number, after, wording)

    return _NUMBER.sub(said, text)


def _is_quantity(before: str, after: str, wording: Wording) -> bool:
    return after.startswith((*_COUNTERS, *_AMOUNT_AFTER, *wording.counters.split())) or (
        before.endswith(_AMOUNT_BEFORE)
    )


def _is_year(number: str, before: str, after: str) -> bool:
    """Tell 2008奥运会 and 在2024 from a quantity: no counter follows."""
    if not _YEAR.fullmatch(number) or after.startswith((*_COUNTERS, *_AMOUNT_AFTER)):
        return False
    return bool(_HAN.match(after)) or before.endswith(_YEAR_BEFORE)


def _is_code(number: str, before: str, after: str, wording: Wording) -> bool:
    """Numbers need a counter: without one, and beside no word of quantity, they are names."""
    if number[0] == "0":
        return True
    if after.startswith((*_COUNTERS, *_AMOUNT_AFTER, *wording.counters.split())):
        return False
    if any(word in before for word in _CODE_BEFORE):
        return True
    if number.endswith("00") or before.endswith(_AMOUNT_BEFORE):
        return False
    return before[-1:] in _MARKS or len(number) >= _LONG or bool(_HAN.match(after))
