"""Read digits that are dialled or typed, not counted: telephone numbers, pins, star codes."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import digits

__all__ = ["speak_codes"]

_TELEPHONE = re.compile(
    r"""(?<![\w.-])
    (?P<country>\+\d{1,3}[ .-]?|1[ .-])?
    (?:\((?P<area>\d{3})\)[ .-]?|(?P<area2>\d{3})[ .-])?
    (?P<exchange>\d{3})[.-](?P<line>\d{4})
    (?![\w-]|\.\d)""",
    re.VERBOSE,
)
_PLUS_NUMBER = re.compile(r"(?<!\w)\+\d(?:[ -]?\d){6,14}(?!\w)")
_TRUNK = re.compile(r"(?<!\w)(\(?0\d{2,4}\)?) (\d{3,4}) (\d{3,4})(?!\w)")
_AFTER_WORD = re.compile(
    r"\b((?:extension|ext|dial|pin|passcode|password|room|code|channel|port|flight|zip)s?"
    r"(?: (?:is|was|number|code))?:? )(\d{3,})(?![\w,-]*\d|\.\d)",
    re.IGNORECASE,
)
_STAR_CODE = re.compile(r"(?<![\w*#])(?:\*\d+#?|#\d+#)(?![\w*#])")
_ZIP_CODE = re.compile(r"(?<=\b[A-Z]{2} )(\d{5})(?:-(\d{4}))?\b")
_LETTERS_DIGITS = re.compile(r"((?<!\w)#)?\b([A-Z]{1,3})[.-]?(\d{3,})\b(?![.,]\d)")
_EMERGENCY = re.compile(r"(?<![\w.,$-])911(?![\w-]|[.,]\d)")
_KEYS = {"*": "star", "#": "pound"}


def speak_codes(text: str) -> str:
    """Speak codes digit by digit, with a pause between the groups of a telephone number."""
    text = _STAR_CODE.sub(_speak_keys, text)
    text = _AFTER_WORD.sub(lambda m: f"{m[1]}{digits(m[2])}", text)
    text = _ZIP_CODE.sub(lambda m: ", ".join(digits(part) for part in m.groups() if part), text)
    text = _TELEPHONE.sub(_speak_telephone, text)
    text = _PLUS_NUMBER.sub(lambda m: "plus " + _groups(m.group()[1:]), text)
    text = _TRUNK.sub(lambda m: _groups(re.sub("[()]", "", m.group())), text)
    text = _LETTERS_DIGITS.sub(_speak_part_number, text)
    return _EMERGENCY.sub("nine one one", text)


def _speak_keys(match: re.Match[str]) -> str:
    return " ".join(_KEYS.get(key) or digits(key) for key in match.group())


def _speak_part_number(match: re.Match[str]) -> str:
    return f"{'number ' if match[1] else ''}{match[2]} {digits(match[3])}"


def _speak_telephone(match: re.Match[str]) -> str:
    country = re.sub(r"\D", "", match["country"] or "")
    area = match["area"] or match["area2"] or ""
    plus = "plus " if (match["country"] or "").startswith("+") else ""
    return plus + _groups(f"{country} {area} {match['exchange']} {match['line']}")


def _groups(number: str) -> str:
    return ", ".join(digits(group) for group in re.split(r"[ -]", number) if group)
