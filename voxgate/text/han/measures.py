"""Say percentages, temperatures and amounts with a unit that is written in letters or signs."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import NUMBER, say_counted, say_number
from voxgate.text.han.wording import Wording
from voxgate.text.tokens import UNITS

__all__ = ["speak_measures", "speak_percentages"]

_MINUS = r"(?:(?<![\dA-Za-z%‰)）°℃])[-−])?"
_BIG = r"(?:[十百千]?[万萬亿億]|[百千])?"
_AMOUNT = rf"{_MINUS}{NUMBER}\s?{_BIG}"
_UNIT = "|".join(
    re.escape(unit) for unit in sorted((*UNITS, "Ω", "kΩ", "MΩ"), key=len, reverse=True)
)
_TEMPERATURES = frozenset({"°C", "℃", "°F", "℉"})
_LETTER = r"[A-Za-z\d²³°]"
_MEASURE = re.compile(
    rf"(?<![\d.,A-Za-z])(?:(?P<first>{_AMOUNT})\s?(?P<to>[到至])\s?)?(?P<last>{_AMOUNT})\s?"
    rf"(?P<unit>{_UNIT})(?:/(?P<per>{_UNIT}))?(?!{_LETTER})"
)
_NAMED = re.compile(
    rf"(?<=[一二两兩三四五六七八九十百千万萬亿億半几幾])\s?(?:{_UNIT})(?!{_LETTER}|/)|[℃℉㎡㎢㎥㎏㎞㎝㎜㎎㎖㎗ℓ]"
)
"""A unit behind a number in words, or a sign of one that stands alone."""

_PERCENT = re.compile(
    rf"(?<![\d.,A-Za-z])(?:(?P<first>{_MINUS}{NUMBER})\s?(?P<to>[到至])\s?)?(?P<last>{_MINUS}{NUMBER})\s?(?P<sign>[%‰])"
)
_WRITTEN_UNIT = r"[元块塊角分钱錢斤克升米里次个個人度磅镑鎊币幣]"
_PER = re.compile(
    rf"(?<={_WRITTEN_UNIT})/(?=(?:每)?(?:[人天日月年周週晚次件个個份张張斤克升分秒米位台套瓶盒杯碗公千平立小時时亩畝吨噸度]))"
)
_FEET = re.compile(r"(?<![\d.])(\d{1,3})[′']\s?([0-5]?\d)[″\"]")


def speak_percentages(text: str, wording: Wording) -> str:
    """Say 12.5%, 3到5%, 5‰."""

    def percentage(match: re.Match[str]) -> str:
        pattern = wording.percent if match["sign"] == "%" else wording.permille
        if match["sign"] == "%" and match["last"] == "100" and not match["first"]:
            return wording.hundred_percent
        sign, last = _sign(match["last"], wording)
        if match["first"]:
            first_sign, first = _sign(match["first"], wording)
            last = f"{say_number(first, wording)}{match['to']}{sign}{say_number(last, wording)}"
            return first_sign + pattern.format(last)
        return sign + pattern.format(say_number(last, wording))

    return _PERCENT.sub(percentage, text)


def speak_measures(text: str, wording: Wording) -> str:
    """Say 65kg, 3到5km, -5℃, 120km/h, 30元/人."""

    def measure(match: re.Match[str]) -> str:
        unit = match["unit"]
        name = wording.units[unit]
        below = wording.below_zero if unit in _TEMPERATURES else wording.minus
        sign, last = _sign(match["last"], wording, below)
        last = _say(last, unit, wording)
        if match["first"]:
            first_sign, first = _sign(match["first"], wording, below)
            last = f"{_say(first, unit, wording)}{match['to']}{sign}{last}"
            sign = first_sign
        said = name.format(last) if "{}" in name else last + name
        if match["per"]:
            said += wording.per + wording.units[match["per"]].replace("{}", "")
        return sign + said

    text = _FEET.sub(rf"\1{wording.minute}\2{wording.second}", text)
    text = _MEASURE.sub(measure, text)
    text = _NAMED.sub(lambda match: wording.units[match.group().strip()].replace("{}", ""), text)
    return _PER.sub(lambda match: "" if text[match.end()] == "每" else wording.per, text)


def _sign(amount: str, wording: Wording, below: str | None = None) -> tuple[str, str]:
    if amount[0] in "-−":
        return (wording.minus if below is None else below), amount[1:]
    return "", amount


def _say(amount: str, unit: str, wording: Wording) -> str:
    """Say a number with the 万 behind it; degrees are not counted with 两."""
    amount = amount.replace(" ", "")
    digits = amount.rstrip("十百千万萬亿億")
    big = amount[len(digits) :]
    if unit.startswith(("°", "℃", "℉")) and not big:
        return say_number(digits, wording)
    return say_counted(digits, wording) + big
