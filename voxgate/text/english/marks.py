"""Speak the signs that are words, and leave only punctuation that is a pause."""

from __future__ import annotations

import re

__all__ = ["speak_signs", "tidy"]

_HASHTAG = re.compile(r"(?<!\w)#(?=[A-Za-z])")
_SIGNS = (
    (re.compile(r"(?<=\b[CF])#"), " sharp "),
    (re.compile(r"\band/or\b", re.IGNORECASE), "and or"),
    (re.compile(r"\b([Ww])/o\b"), r"\1ithout"),
    (re.compile(r"(?<![<>=!])=(?![<>=])"), " equals "),
    (re.compile(r"(?<=\w)\s?/\s?(?=\w)"), " slash "),
    (re.compile(r"(?<=\w)\\(?=\w)"), " backslash "),
    (re.compile(r"(?<=\w)\|(?=\w)|\|"), ", "),
    (re.compile(r"(?<!\w)~(?=\w)"), " about "),
    (re.compile(r"(?<!\w)~(?=/)"), " tilde "),
    (re.compile(r"(?<=tilde )/(?=\w)"), " slash "),
    *(
        (re.compile(re.escape(sign)), f" {word} ")
        for sign, word in {
            "#": "pound",
            "*": "star",
            "&": "and",
            "@": "at",
            "%": "percent",
            "+": "plus",
            "^": "caret",
            "°": "degrees",
            "$": "dollar",
            "€": "euro",
            "£": "pound",
            "¥": "yen",
            "₹": "rupee",
            "¢": "cent",
            "₩": "won",
            "₽": "ruble",
            "₺": "lira",
            "₱": "peso",
            "₪": "shekel",
            "₫": "dong",
            "₿": "bitcoin",
            "μ": "micro",
            "Ω": "ohms",
        }.items()
    ),
)
_BRACKETS = re.compile(r"[()\[\]{}]+")
_TOKEN = re.compile(
    r"(?:(?<![A-Za-z])'(?=(?:em|cause|til|tis|twas|bout)\b))?[A-Za-z]+(?:['-][A-Za-z]+)*"
    r"|[,.!?…]+|(?<![^\s,.!?…])-+(?![^\s,.!?…])|--+",
    re.IGNORECASE,
)
_CLOSING = ")]} "
_STRENGTH = "?!….,-"


def speak_signs(text: str) -> str:
    """Speak `# * & @ % + = / ^` and lone currency signs."""
    text = _HASHTAG.sub("hashtag ", text)
    for pattern, words in _SIGNS:
        text = pattern.sub(words, text)
    return text


def tidy(text: str) -> str:
    """Reduce to letters, spaces and one pause mark at a place, with a space after each pause.

    Of several marks in a row the strongest stays: ? over ! over … over . over , over -.
    """
    text = (
        _BRACKETS.sub(", ", text.rstrip(_CLOSING))
        .replace(";", ",")
        .replace(":", ",")
        .replace("--", " - ")
    )
    spoken: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] not in _STRENGTH:
            spoken.append(token)
        elif spoken and spoken[-1][0] in _STRENGTH:
            spoken[-1] = _strongest(spoken[-1] + token)
        elif spoken:
            spoken.append(_strongest(token))
    return re.sub(r" (?=[,.!?…])", "", " ".join(spoken))


def _strongest(marks: str) -> str:
    marks = marks.replace("...", "…")
    return next(mark for mark in _STRENGTH if mark in marks)
