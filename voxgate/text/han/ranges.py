"""Say ranges and fractions: 3-5天, 10~20个, 1/2."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import NUMBER, WHOLE, say_cardinal, say_number
from voxgate.text.han.counting import say_before
from voxgate.text.han.wording import Wording

__all__ = ["speak_fractions", "speak_ranges"]

_BIG = r"(?:[十百千]?[万萬亿億]|[百千])?"
_SEPARATOR = r"\s?(?:-|–|—{1,2}|~|→)\s?"
_LATIN_UNIT = r"[A-Za-zμµ㎡㎢㎥㎏㎞㎝㎜㎎㎖㎗ℓ][A-Za-z/²³]*"
_HAN_UNIT = "[元块塊岁歲个個天日月年小分秒公千米厘毫斤克升度倍万萬亿億名人次页頁件]"
_BEHIND = rf"\s?(?:%|‰|°C|℃|°F|℉|°|{_LATIN_UNIT}|{_HAN_UNIT})?"
_RANGE = re.compile(
    rf"(?<![\d.,/:=+×÷*A-Za-z-])(?P<first>(?:(?<![\d%‰℃°)）])[-−])?{NUMBER}{_BIG})(?P<unit>{_BEHIND}){_SEPARATOR}"
    rf"(?P<last>[-−]?{NUMBER})(?!\d|\.\d|\s?[-/:：=×÷*+]\s?\d|\s?=)"
)
_FRACTION = re.compile(
    rf"(?<![\d.,/A-Za-z])(?:(\d+)(?:\s|又)\s?)?(\d+)\s?/\s?({WHOLE})(?!\d|[./]\d)"
)
_PRESSURE = re.compile("血[压壓]")
_NEAR = 5


def speak_ranges(text: str, wording: Wording) -> str:
    """Say the first number of a range and the word between; what follows is for other rules."""

    def span(match: re.Match[str]) -> str:
        first, unit, last = match["first"], match["unit"].strip(), match["last"]
        if unit or not first[0].isdigit():
            return f"{first}{unit}{wording.to}{last}"
        after = text[match.end() : match.end() + 4].lstrip()
        if after[:1].isascii() and after[:1] not in ("", ",", "."):
            return f"{first}{wording.to}{last}"
        digits = first.rstrip("十百千万萬亿億")
        said = say_before(digits, first[len(digits) :] or after, wording)
        return f"{said}{first[len(digits) :]}{wording.to}{last}"

    return _RANGE.sub(span, text)


def speak_fractions(text: str, wording: Wording) -> str:
    """Say 1/2 and 1 1/2, the denominator first."""

    def fraction(match: re.Match[str]) -> str:
        whole, part, parts = match.groups()
        if _PRESSURE.search(text[max(0, match.start() - _NEAR) : match.start()]):
            return f"{say_number(part, wording)},{say_number(parts, wording)}"
        said = f"{say_number(parts, wording)}{wording.parts}{say_cardinal(part, wording)}"
        return f"{say_cardinal(whole, wording)}{wording.and_parts}{said}" if whole else said

    return _FRACTION.sub(fraction, text)
