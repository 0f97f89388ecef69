"""Read fractions, scores, ratios and ranges of numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import NUMBER, cardinal, digits, number, ordinal

__all__ = ["fraction", "speak_fractions", "speak_ranges"]

_SAID_AS_PAIR = {("24", "7"), ("9", "11"), ("50", "50"), ("20", "20")}
_ALWAYS = re.compile(r"(?<![\w./,])24/7/365(?![\w/])")
_MIXED = re.compile(
    r"(?<![\w./,-])(?P<whole>\d+)[ -](?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\w/]|\.\d)"
)
_OUT_OF = re.compile(
    r"(?<![\w./,])(?P<top>\d{1,4}(?:\.\d{1,3})?)\s?/\s?(?P<bottom>\d{1,4})(?![\w/]|\.\d)"
)
_FRACTION = re.compile(r"(?<![\w./,])(?P<top>\d++)\s?/\s?(?P<bottom>\d++)(?![\w/]|\.\d)")
_SCORED = re.compile(
    r"\b(?:scored?|scores|scoring|rated?|rating|rates|ranked|grade|graded|got|gave|gives|give|marks?|stars?|"
    r"review|answered|pain)\b[^.!?]{0,25}$",
    re.IGNORECASE,
)
_FULL_MARKS = frozenset(("5", "10", "100"))
_CHAIN = re.compile(r"(?<![\w.,-])\d{1,9}(?:-\d{1,9}){2,}+(?![\w-]|[.,]\d)")
_RANGE = re.compile(rf"(?<![\w.,-])(?P<low>-?{NUMBER})\s?-\s?(?P<high>{NUMBER})(?!\w|-\d|[.,]\d)")
_LETTERED = re.compile(r"(?<![\w.,-])(?P<low>\d{1,4}[A-Za-z]?)-(?P<high>\d{1,4}[A-Za-z])(?![\w-])")
_RATIO = re.compile(r"(?<![\w.:])(\d++):(\d++)(?![\w:]|\.\d)")
_WINDOW = 40


def speak_fractions(text: str) -> str:
    """Speak "1/2" and "2 1/2" as fractions, "4.5/5" and a scored "8/10" as "out of"."""
    text = _ALWAYS.sub("twenty-four seven three hundred sixty-five", text)
    text = _MIXED.sub(
        lambda m: f"{cardinal(m['whole'])} and {fraction(m['top'], m['bottom'])}", text
    )
    text = _OUT_OF.sub(_speak_score, text)
    return _FRACTION.sub(lambda m: fraction(m["top"], m["bottom"]), text)


def speak_ranges(text: str) -> str:
    """Speak "5-10" and "2:1" with "to", and longer chains of numbers with pauses."""
    text = _CHAIN.sub(lambda m: _chain(m.group()), text)
    text = _RANGE.sub(_speak_range, text)
    return _RATIO.sub(lambda m: f"{cardinal(m[1])} to {cardinal(m[2])}", text)


def _chain(numbers: str) -> str:
    parts = numbers.split("-")
    return ", ".join(digits(part) if len(part) > 2 else number(part) for part in parts)  # noqa: PLR2004


def _speak_range(match: re.Match[str]) -> str:
    low = match["low"]
    if (low, match["high"]) == ("50", "50"):
        return "fifty fifty"
    sign = "minus " if low[0] == "-" else ""
    return f"{sign}{number(low.lstrip('-'))} to {number(match['high'])}"


def _speak_score(match: re.Match[str]) -> str:
    top, bottom = match["top"], match["bottom"]
    before = match.string[max(0, match.start() - _WINDOW) : match.start()]
    if "." in top and (" " in match.group() or float(top) > int(bottom)):
        return f"{number(top)} over {number(bottom)}"
    is_score = (
        "." in top
        or (top == bottom and bottom in _FULL_MARKS)
        or (_SCORED.search(before) and int(top) <= int(bottom))
    )
    if not is_score or (top, bottom) in _SAID_AS_PAIR:
        return match.group()
    return f"{number(top)} out of {number(bottom)}"


def fraction(top: str, bottom: str) -> str:
    """Speak "3/4" as three quarters, and what is no usual fraction as "over"."""
    if (top, bottom) in _SAID_AS_PAIR:
        return f"{cardinal(top)} {cardinal(bottom)}"
    over = int(bottom) if len(bottom) <= 3 else 0  # noqa: PLR2004
    if not (2 <= over <= 100 and len(top) <= len(bottom) and 0 < int(top) < over):  # noqa: PLR2004 - halves to hundredths
        return f"{number(top)} over {number(bottom)}"
    if over == 2:  # noqa: PLR2004
        return "one half"
    name = "quarter" if over == 4 else ordinal(bottom)  # noqa: PLR2004
    return f"{cardinal(top)} {name if int(top) == 1 else name + 's'}"
