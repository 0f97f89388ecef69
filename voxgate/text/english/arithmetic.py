"""Speak powers, comparisons, calculations and signs before numbers."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, decimal
from voxgate.text.english.units import UNITS

__all__ = ["speak_comparisons", "speak_powers", "speak_subtractions"]

_DECIMAL = r"(?<![\w.,])(?P<whole>\d{1,20})(?:\.(?P<part>\d{1,30}))?"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_IN_UNITS = rf"(?: (?P<unit>{_UNIT})(?![\w/]))?"
_SCIENTIFIC = re.compile(
    rf"{_DECIMAL}(?:e(?P<sign>[+-]?)|E(?P<sign2>[+-]))(?P<power>\d{{1,3}})(?!\w|\.\d){_IN_UNITS}"
)
_RAISED = re.compile(
    r"(?<=[\w)\]])[ ]?(?:\^|\*\*(?=-?\d))[ ]?(?:\((?P<inner>[+-]?(?:\d{1,20}|[a-z]))\)"
    r"|\{(?P<inner2>[+-]?(?:\d{1,20}|[a-z]))\}"
    rf"|(?P<plain>[+-]?(?:\d{{1,20}}|[a-zA-Z](?![a-zA-Z]))))(?:(?<=\d){_IN_UNITS})?"
)
_ROOT = re.compile(r"√ ?")
_AREA = re.compile(r"(?:\d ?-?|/)(?:[kcmdnμ]?m|s|ft|in|yd|mi)$")
"""Square meters are read with their number, see `measures`."""
_SPECIAL_POWERS = {"2": "squared", "3": "cubed"}

_COMPARED = {
    "+/-": "plus or minus",
    "<=>": "is equivalent to",
    "<->": "to",
    "<=": "less than or equal to",
    "≤": "less than or equal to",
    ">=": "greater than or equal to",
    "≥": "greater than or equal to",
    "!=": "not equal to",
    "≠": "not equal to",
    "==": "equals",
    "=>": "implies",
    "->": "to",
    "<-": "from",
    "<<": "much less than",
    ">>": "much greater than",
    "<": "less than",
    ">": "greater than",
}
_WITH_VERB = frozenset(("<=", "≤", ">=", "≥", "!=", "≠", "<<", ">>", "<", ">"))
_VERB_BEFORE = re.compile(r"\b(?:is|are|was|were|be|being|if)\s*$", re.IGNORECASE)
_QUOTED_NAME = re.compile(r"<([^<>\s]{1,200})>")
_COMPARISON = re.compile(
    rf"(?P<left>(?<=[\w)%°\]'\"])\s*)?(?P<sign>{'|'.join(map(re.escape, _COMPARED))})(?![<>=])"
)

_OPERAND = r"[(]{0,3}(?:\d[\d.,]*+|[a-zA-Z](?![a-zA-Z']))(?: ?\^ ?-?\w++)?[)]{0,3}"
_CALCULATION = re.compile(rf"(?<![\w.,'-]){_OPERAND}(?: ?[-+*/×÷=<>≤≥≠] ?-?{_OPERAND})++")
_INNER_MINUS = re.compile(r"(?<=[\w)]) ?- ?(?=[\w(-])")
_SPACED_MINUS = re.compile(
    r"(?<![\w.,:/-])(\d{1,9}(?:\.\d+)?) - (\d{1,9}(?:\.\d+)?)(?![\w:/-]|[.,]\d)"
)
_NEGATIVE = re.compile(r"(?:(?<=^)|(?<=[ (=]))-(?=[a-zA-Z](?![\w'-]))|(?<=\d) - (?=-\d)")
_VARIABLE = re.compile(r"(?<![\w'-])([i-kmnpqtwxyz]) ?- ?(?=\d{1,4}\b)")
_SCORE = re.compile(
    r"\b(?:open|hours|from|weekdays|daily|day|job|is|won|win|wins|beat|beats|lost|lose|loses|lead|leads|led|score|scored|tied|drew|defeated|"
    r"vote|voted|by|ended|finished|result|was)\b[^.!?]{0,30}$",
    re.IGNORECASE,
)
_WINDOW = 60


def speak_powers(text: str) -> str:
    """Speak "x^2", "10^-6", "5e-3" and roots."""
    text = _SCIENTIFIC.sub(_speak_scientific, text)
    text = _RAISED.sub(_speak_raised, text)
    return _ROOT.sub(" the square root of ", text)


def speak_comparisons(text: str) -> str:
    """Speak <, >, <=, !=, -> and their like; angle brackets around one word are brackets."""
    text = _QUOTED_NAME.sub(r"(\1)", text)
    return _COMPARISON.sub(_speak_comparison, text)


def speak_subtractions(text: str) -> str:
    """Say "minus" in calculations, and between blanks where no range can be meant (8 - 3)."""
    text = _CALCULATION.sub(_speak_calculation, text)
    text = _VARIABLE.sub(r"\1 minus ", _NEGATIVE.sub(" minus ", text))
    return _SPACED_MINUS.sub(_speak_spaced, text)


def _speak_scientific(match: re.Match[str]) -> str:
    number = decimal(match["whole"], match["part"]) if match["part"] else cardinal(match["whole"])
    sign = match["sign"] or match["sign2"] or ""
    return f"{number} times ten {_power(sign + match['power'])}{_unit(match['unit'])}"


def _speak_raised(match: re.Match[str]) -> str:
    power = match["inner"] or match["inner2"] or match["plain"]
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if power in _SPECIAL_POWERS and _AREA.search(before):
        return match.group()
    special = _SPECIAL_POWERS.get(power)
    return f" {special or _power(power)}{_unit(match['unit'])} "


def _power(power: str) -> str:
    sign, number = ("", power)
    if power[0] in "+-":
        sign, number = power[0], power[1:]
    spoken = cardinal(number) if number.isdigit() else number
    if sign == "-":
        return f"to the minus {spoken}"
    return f"to the power of {spoken}"


def _unit(symbol: str | None) -> str:
    return f" {UNITS[symbol][1]}" if symbol else ""


def _speak_comparison(match: re.Match[str]) -> str:
    words = _COMPARED[match["sign"]]
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    has_left = match["left"] is not None
    if match["sign"] in _WITH_VERB and has_left and not _VERB_BEFORE.search(before):
        words = f"is {words}"
    return f" {words} "


def _speak_calculation(match: re.Match[str]) -> str:
    run = match.group()
    if not re.search(r"[=+*×÷<>≤≥≠]", run):
        return run
    return _INNER_MINUS.sub(" minus ", run)


def _speak_spaced(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if float(match[1]) <= float(match[2]) or _SCORE.search(before):
        return match.group()
    return f"{match[1]} minus {match[2]}"
