"""Read money, percentages, units, fractions, ranges and plain numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, decimal, digits, ordinal, plural
from voxgate.text.english.units import CURRENCIES, MAGNITUDES, UNITS

__all__ = ["speak_money", "speak_numbers", "speak_ordinals", "speak_units"]

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_MAGNITUDE = "|".join(sorted(map(re.escape, MAGNITUDES), key=len, reverse=True))
_CODE = "|".join(sorted((re.escape(c) for c in CURRENCIES), key=len, reverse=True))
_MONEY = re.compile(
    rf"(?<![\w.])(?P<sign>-)?(?P<code>{_CODE})\s?(?P<amount>{_NUMBER})(?:\s?(?P<scale>{_MAGNITUDE})(?!\w))?",
)
_MONEY_AFTER = re.compile(
    rf"(?<![\w.,$€£])(?P<amount>{_NUMBER})(?:\s?(?P<scale>{_MAGNITUDE}))?\s?(?P<code>{_CODE})(?!\w)",
)
_CENTS = re.compile(rf"(?<![\w.,])(?P<amount>{_NUMBER})\s?¢")

_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_WITH_UNIT = re.compile(
    rf"(?<![\w.,])(?P<sign>(?<![\w)])-)?(?P<range>(?:{_NUMBER})\s?-\s?)?(?P<amount>{_NUMBER})\s?-?(?P<unit>{_UNIT})(?![\w°])"
)

_FEET = re.compile(r"(?<![\w.,'])([3-8])'\s?(\d|1[01])\"")
_SECONDS = re.compile(r"(?<![\w.,])(\d*\.\d+)\s?s\b")

_SAID_AS_PAIR = {("24", "7"), ("9", "11"), ("50", "50"), ("20", "20")}
_LONG_DIGITS = 10
_MIXED = re.compile(
    r"(?<![\w./,-])(?P<whole>\d+)[ -](?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\w/]|\.\d)"
)
_FRACTION = re.compile(r"(?<![\w./,])(?P<top>\d+)\s?/\s?(?P<bottom>\d+)(?![\w/]|\.\d)")
_RANGE = re.compile(rf"(?<![\w.,-])(?P<low>{_NUMBER})\s?-\s?(?P<high>{_NUMBER})(?![\w-]|[.,]\d)")
_RATIO = re.compile(r"(?<![\w.:])(\d+):(\d+)(?![\w:]|\.\d)")
_ORDINAL = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:[Nn]o\.|[Nn]os\.|#)\s?(?=\d)|(?<!\w)#(?=[A-Z]{0,2}-?\d)")
_ABOUT = re.compile(r"(?<!\w)~\s?(?=\.?\d)")
_TIMES = re.compile(r"(?<=\d) \* (?=\d)|(?<=\d)\*(?=\d)|(?<=\d) x (?=\d)")
_BY = re.compile(r"(?<=\d)x(?=\d)")
_MINUS = re.compile(r"(?<![\w)%])-\s?(?=\.?\d)")
_PLUS = re.compile(r"(?<!\w)\+(?=\.?\d)")
_PLURAL = re.compile(r"(?<![\w.,])(\d+)'?s\b")
_ANY = re.compile(_NUMBER)


def speak_money(text: str) -> str:
    """Speak amounts with a sign ($, £, €, ¥, ₹, US$) or code (USD, EUR, ...), and cents."""
    text = _MONEY.sub(_speak_amount, text)
    text = _MONEY_AFTER.sub(_speak_amount, text)
    return _CENTS.sub(
        lambda m: f"{_number(m['amount'])} {'cent' if m['amount'] == '1' else 'cents'}", text
    )


def speak_units(text: str) -> str:
    """Speak units after a number: "16 kHz" becomes "sixteen kilohertz"."""
    text = _BY.sub(" by ", _TIMES.sub(" times ", _ABOUT.sub(" about ", text)))
    text = _FEET.sub(lambda m: f"{cardinal(m[1])} foot {cardinal(m[2])}", text)
    text = _SECONDS.sub(lambda m: f"{_number(m[1])} seconds", text)
    return _WITH_UNIT.sub(_speak_unit, text)


def speak_ordinals(text: str) -> str:
    """Speak "2nd" and "1,000th"."""
    return _ORDINAL.sub(lambda m: ordinal(m[1].replace(",", "")), text)


def speak_numbers(text: str) -> str:
    """Speak every number that is left."""
    text = _NUMBERED.sub("number ", text)
    text = _MIXED.sub(_speak_mixed, text)
    text = _FRACTION.sub(_speak_fraction, text)
    text = _RANGE.sub(lambda m: f"{_number(m['low'])} to {_number(m['high'])}", text)
    text = _RATIO.sub(lambda m: f"{cardinal(m[1])} to {cardinal(m[2])}", text)
    text = _PLURAL.sub(lambda m: f"{plural(cardinal(m[1]))}", text)
    text = _PLUS.sub(" plus ", _MINUS.sub(" minus ", text))
    return _ANY.sub(lambda m: f" {_number(m.group())} ", text)


def _number(written: str) -> str:
    whole, _, fraction = written.replace(",", "").partition(".")
    if fraction:
        return decimal(whole, fraction)
    is_code = len(whole) >= _LONG_DIGITS and "," not in written
    if is_code or (len(whole) > 1 and whole[0] == "0"):
        return digits(whole)
    return cardinal(whole)


def _speak_amount(match: re.Match[str]) -> str:
    one, many, small_one, small_many = CURRENCIES[match["code"]]
    amount = match["amount"].replace(",", "")
    sign = "minus " if match.re is _MONEY and match["sign"] else ""
    if match["scale"]:
        return f"{sign}{_number(amount)} {MAGNITUDES[match['scale']]} {many}"
    whole, _, fraction = amount.partition(".")
    if len(fraction) != 2 or not small_one:  # noqa: PLR2004 - hundredths have two digits
        return f"{sign}{_number(amount)} {one if amount == '1' else many}"
    parts = []
    if int(whole or "0"):
        parts.append(f"{cardinal(whole)} {one if int(whole) == 1 else many}")
    if int(fraction):
        parts.append(f"{cardinal(fraction)} {small_one if int(fraction) == 1 else small_many}")
    return sign + (" and ".join(parts) or f"zero {many}")


def _speak_unit(match: re.Match[str]) -> str:
    one, many = UNITS[match["unit"]]
    amount = match["amount"]
    sign = "minus " if match["sign"] else ""
    low = f"{_number(match['range'].rstrip(' -'))} to " if match["range"] else ""
    return f"{sign}{low}{_number(amount)} {one if amount == '1' and not low else many}"


def _speak_mixed(match: re.Match[str]) -> str:
    part = _fraction_words(match["top"], match["bottom"])
    return f"{cardinal(match['whole'])} and {part}"


def _speak_fraction(match: re.Match[str]) -> str:
    return _fraction_words(match["top"], match["bottom"])


def _fraction_words(top: str, bottom: str) -> str:
    if (top, bottom) in _SAID_AS_PAIR:
        return f"{cardinal(top)} {cardinal(bottom)}"
    over = int(bottom)
    if int(top) == 0 or not 2 <= over <= 100 or int(top) >= over:  # noqa: PLR2004 - halves to hundredths
        return f"{_number(top)} over {_number(bottom)}"
    if over == 2:  # noqa: PLR2004
        return "one half"
    name = "quarter" if over == 4 else ordinal(bottom)  # noqa: PLR2004
    return f"{cardinal(top)} {name if int(top) == 1 else name + 's'}"
