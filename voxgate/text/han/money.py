"""Say amounts of money whose currency is a sign or a code, before or behind the number."""

from __future__ import annotations

import re

from voxgate.text.han.cardinals import NUMBER, say_counted, say_digits, say_number
from voxgate.text.han.wording import Wording
from voxgate.text.tokens import CURRENCY_CODES, CURRENCY_SIGNS

__all__ = ["speak_money"]

_SIGN = "|".join(
    re.escape(sign) for sign in sorted((*CURRENCY_SIGNS, *CURRENCY_CODES), key=len, reverse=True)
)
_BIG = r"(?:\s?(?:[十百千]?[万萬亿億]|[百千]))?"
_TO = r"\s?(?:-|–|—{1,2}|~|至|到)\s?"
_AMOUNT = rf"{NUMBER}{_BIG}"
_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?P<minus>[-−](?=[^\d]))?(?P<sign>{_SIGN})\s?(?P<first>{_AMOUNT})"
    rf"(?:{_TO}(?:(?P=sign))?\s?(?P<last>{_AMOUNT}))?(?P<named>\s?(?:元|圆|圓|块|塊|美元|欧元|英镑|日元|円))?(?![\d]|\.\d)"
)
_BEHIND = re.compile(
    rf"(?<![\d.,])(?P<first>{_AMOUNT})(?:{_TO}(?P<last>{_AMOUNT}))?\s?(?P<sign>{_SIGN})(?![A-Za-z])(?!\s?\d)"
)
_ALONE = re.compile(rf"(?<![A-Za-z])(?:{_SIGN})(?![A-Za-z])")
_SPLIT = re.compile(rf"(?P<number>{NUMBER})\s?(?P<big>.*)")


def speak_money(text: str, wording: Wording) -> str:
    """Say $50, €4.5, US$1.2万, 100万USD, $5-10; a lone sign is named."""

    def amount(match: re.Match[str]) -> str:
        names = match.groupdict()
        name = wording.currencies[match["sign"]]
        first, last = match["first"], match["last"]
        said = _say(first, wording)
        if last:
            said += wording.to + _say(last, wording)
        elif match["sign"] in wording.decimal_money and "." in first and first[-1].isdigit():
            said, name = _with_cents(first, name, match["sign"], wording)
        sign = wording.minus if names.get("minus") else ""
        return f"{sign}{said}{name}"

    text = _BEFORE.sub(amount, text)
    text = _BEHIND.sub(amount, text)
    return _ALONE.sub(lambda match: wording.currencies[match.group()], text)


def _say(amount: str, wording: Wording) -> str:
    match = _SPLIT.fullmatch(amount)
    if match is None:
        return amount
    return say_counted(match["number"], wording) + match["big"]


def _with_cents(amount: str, name: str, sign: str, wording: Wording) -> tuple[str, str]:
    whole, _, cents = amount.partition(".")
    tenth, hundredth = wording.decimal_money[sign]
    if len(cents) > 2:  # noqa: PLR2004 a tenth and a hundredth
        return say_number(amount, wording), name
    said = say_counted(whole, wording) + name
    if cents[0] != "0":
        said += say_digits(cents[0], wording) + tenth
    if cents[1:] not in ("", "0"):
        zero = wording.digits[0] if cents[0] == "0" else ""
        said += zero + say_digits(cents[1], wording) + hundredth
    return said, ""
