"""Read amounts of money aloud."""

from __future__ import annotations

import re

from voxgate.text.english.currencies import CURRENCIES, MAGNITUDES, Currency
from voxgate.text.english.nouns import noun_follows
from voxgate.text.english.numbers import NUMBER, cardinal, is_one, number
from voxgate.text.english.units import PER_UNITS, UNITS

__all__ = ["speak_money"]

_MAGNITUDE = "|".join(sorted(map(re.escape, MAGNITUDES), key=len, reverse=True))
_CODE = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_SCALE = rf"(?:[ -]?(?P<scale>{_MAGNITUDE})(?!\w))?"
_RANGE = re.compile(
    rf"(?<![\w.])(?P<code>{_CODE})\s?(?P<low>{NUMBER})(?:\s?(?P<low_scale>{_MAGNITUDE}))?\s?-\s?"
    rf"(?P<amount>{NUMBER}){_SCALE}(?![\w-]|[.,]\d|\s?(?:{_CODE}|(?:{_UNIT})(?!\w)))(?P<per>/[a-z]{{1,20}})?"
)
_BETWEEN = re.compile(rf"(?<=[\d€£$¥KMBkmn])\s?-\s?(?=(?:{_CODE})\s?\.?\d)")
_BEFORE = re.compile(
    rf"(?P<article>\b[Aa] )?(?<![\w.])(?P<sign>-)?(?P<code>{_CODE})\s?(?P<inner>-)?"
    rf"(?P<amount>{NUMBER}){_SCALE}(?P<unit>(?:{_UNIT})(?!\w))?"
    r"(?P<per>/[a-z]{1,20})?(?P<noun>-(?=[a-z])| (?=[a-z]{3,}\b))?"
)
_AFTER = re.compile(
    rf"(?<![\w.,$€£])(?P<sign>(?<![\w)])-)?(?P<low>{NUMBER}\s?-\s?)?(?P<amount>{NUMBER})"
    rf"(?:\s?(?P<scale>{_MAGNITUDE}))?\s?(?P<code>{_CODE})(?!\w|\s?\d)(?P<per>/[a-z]{{1,20}})?"
)
_CENTS = re.compile(rf"(?<![\w.,])(?P<amount>{NUMBER})(?:\s?¢|(?<=\d)c\b(?![.']\w))")


def speak_money(text: str) -> str:
    """Speak amounts with a sign ($, £, €, US$) or code (USD, EUR), ranges of them, and cents."""
    text = _RANGE.sub(_speak_range, _BETWEEN.sub(" to ", text))
    text = _AFTER.sub(_speak_amount, _BEFORE.sub(_speak_before, text))
    return _CENTS.sub(
        lambda m: f"{number(m['amount'])} {'cent' if is_one(m['amount']) else 'cents'}", text
    )


def _speak_range(match: re.Match[str]) -> str:
    """Speak "$5-10" with its currency once, and "$1.50-2.25" with both sums written out."""
    currency = CURRENCIES[match["code"]]
    low, high, scale = match["low"], match["amount"], match["scale"]
    per = _per(match["per"])
    if match["low_scale"] or "." in low + high:
        low_sum = _sum(low, match["low_scale"] or scale, currency)
        return f"{low_sum} to {_sum(high, scale, currency)}{per}"
    magnitude = f" {MAGNITUDES[scale]}" if scale else ""
    return f"{number(low)} to {number(high)}{magnitude} {currency.many}{per}"


def _speak_before(match: re.Match[str]) -> str:
    article, noun = match["article"] or "", match["noun"] or ""
    singular = noun == "-" or bool(article and noun and noun_follows(match.string, match.end()))
    # What is written onto the amount ("$5km") is a word of its own.
    glued = not match["unit"] and match.string[match.end() : match.end() + 1].isalpha()
    unit = f" {UNITS[match['unit']][1]}" if match["unit"] else ""
    return article + _speak_amount(match, singular=singular) + unit + " " * bool(noun or glued)


def _speak_amount(match: re.Match[str], *, singular: bool = False) -> str:
    found = match.groupdict()
    sign = "minus " if match["sign"] or found.get("inner") else ""
    currency = CURRENCIES[match["code"]]
    if found.get("low"):
        sign += f"{number(found['low'].rstrip(' -'))} to "
    if singular and "." not in match["amount"]:
        magnitude = f" {MAGNITUDES[match['scale']]}" if match["scale"] else ""
        return f"{sign}{number(match['amount'])}{magnitude} {currency.one}"
    per = _per(match["per"])
    return sign + _sum(match["amount"], match["scale"], currency) + per


def _per(written: str | None) -> str:
    """Speak what stands behind a price and a slash: "/lb", "/month"."""
    return f" per {PER_UNITS.get(written[1:], written[1:])}" if written else ""


def _sum(written: str, scale: str | None, currency: Currency) -> str:
    amount = written.replace(",", "")
    if scale:
        return f"{number(written)} {MAGNITUDES[scale]} {currency.many}"
    whole, _, fraction = amount.partition(".")
    if len(fraction) != 2 or not currency.cent:  # noqa: PLR2004 - hundredths have two digits
        return f"{number(written)} {currency.one if is_one(amount) else currency.many}"
    parts = []
    if whole.strip("0"):
        parts.append(f"{cardinal(whole)} {currency.one if is_one(whole) else currency.many}")
    if fraction.strip("0"):
        parts.append(
            f"{cardinal(fraction)} {currency.cent if is_one(fraction) else currency.cents}"
        )
    return " and ".join(parts) or f"zero {currency.many}"
