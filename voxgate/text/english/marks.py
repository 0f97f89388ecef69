"""Speak the signs that are words, and leave only punctuation that is a pause."""

from __future__ import annotations

import re

__all__ = ["speak_signs", "tidy"]

_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\w)([^*_\n]*?\w[.,!?]?)\1(?!\w)")
_HASHTAG = re.compile(r"(?<!\w)#(?=[A-Za-z])")
_SIGNS = (
    (re.compile(r"(?<=\b[CF])#"), " sharp "),
    (re.compile(r"\band/or\b", re.IGNORECASE), "and or"),
    (re.compile(r"#"), " pound "),
    (re.compile(r"\*"), " star "),
    (re.compile(r"&"), " and "),
    (re.compile(r"@"), " at "),
    (re.compile(r"%"), " percent "),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"(?<![<>=!])=(?![<>=])"), " equals "),
    (re.compile(r"(?<=\w)/(?=\w)"), " slash "),
    (re.compile(r"°"), " degrees "),
    (re.compile(r"\$"), " dollar "),
    (re.compile(r"€"), " euro "),
    (re.compile(r"£"), " pound "),
    (re.compile(r"¥"), " yen "),
    (re.compile(r"₹"), " rupee "),
    (re.compile(r"¢"), " cent "),
    (re.compile(r"μ"), " micro "),
)
_BRACKETS = re.compile(r"\s*[()\[\]{}]+")
_LAST_BRACKET = re.compile(r"[)\]}]+\s*$")
_TOKEN = re.compile(
    r"(?:(?<![A-Za-z])'(?=(?:em|cause|til|tis|twas|bout)\b))?[A-Za-z]+(?:['-][A-Za-z]+)*"
    r"|[,.!?…]+|(?<![^\s,.!?…])-+(?![^\s,.!?…])|--+",
    re.IGNORECASE,
)
_STRENGTH = "?!….,-"


def speak_signs(text: str) -> str:
    """Speak `# * & @ % + = /` and lone currency signs; drop the marks of written emphasis."""
    text = _EMPHASIS.sub(r"\2", text)
    text = _HASHTAG.sub("hashtag ", text)
    for pattern, words in _SIGNS:
        text = pattern.sub(words, text)
    return text


def tidy(text: str) -> str:
    """Reduce to letters, spaces and one pause mark at a place, with a space after each pause.

    Of several marks in a row the strongest stays: ? over ! over … over . over , over -.
    """
    text = (
        _BRACKETS.sub(", ", _LAST_BRACKET.sub("", text))
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
