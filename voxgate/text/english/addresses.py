"""Read URLs, e-mail addresses, host names, version and telephone numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, digits

__all__ = ["speak_addresses", "speak_telephone_numbers"]

_SIGNS = {
    ".": " dot ",
    "@": " at ",
    "/": " slash ",
    "-": " dash ",
    "_": " underscore ",
    ":": " colon ",
    "?": " question mark ",
    "=": " equals ",
    "&": " and ",
    "#": " hash ",
    "%": " percent ",
    "+": " plus ",
    "~": " tilde ",
}
_SPELLED = frozenset(
    {"www", "html", "htm", "http", "https", "php", "uk", "de", "fr", "eu", "us", "io", "ai", "tv"}
)

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
_TOP_LEVEL = r"com|org|net|edu|gov|io|ai|dev|info|biz|uk|de|fr|eu|us|ca|au|tv|app|me|co"
_EMAIL = re.compile(rf"\b[a-z0-9][a-z0-9._%+-]*@{_HOST}\b", re.IGNORECASE)
_URL = re.compile(rf"\bhttps?://{_HOST}(?::\d+)?(?:/[^\s,;!\"')\]]*)?", re.IGNORECASE)
_BARE_HOST = re.compile(
    rf"(?<![\w@.])(?:www\.{_HOST}|(?:[a-z0-9][a-z0-9-]*\.)+(?:{_TOP_LEVEL}))\b(?!\.[a-z])(?:/[^\s,;!\"')\]]*)?",
    re.IGNORECASE,
)
_INTERNET_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_VERSION = re.compile(r"\bv(?:ersion )?\.? ?(\d+(?:\.\d+)*)\b", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.]*\d)")
_TELEPHONE = re.compile(
    r"""(?<![\w.-])
    (?P<country>\+\d{1,3}[ .-]?|1[ .-])?
    (?:\((?P<area>\d{3})\)[ .-]?|(?P<area2>\d{3})[ .-])?
    (?P<exchange>\d{3})[.-](?P<line>\d{4})
    (?![\w-]|\.\d)""",
    re.VERBOSE,
)
_PLUS_NUMBER = re.compile(r"(?<!\w)\+\d(?:[ -]?\d){6,14}(?!\w)")
_COUNTED_DIGITS = 2
"""Longer parts of a dotted number are spelled: 192.168.1.10."""

_DIALLED = re.compile(
    r"\b((?:extension|ext|dial|pin|passcode|password|room|code|channel|port|flight|zip)s?"
    r"(?: (?:is|was|number|code))?:? )(\d{3,})(?![\w,-]*\d|\.\d)",
    re.IGNORECASE,
)


def speak_addresses(text: str) -> str:
    """Speak URLs (without their scheme), e-mail addresses, host names and version numbers."""
    for pattern in (_EMAIL, _URL, _BARE_HOST):
        text = pattern.sub(_speak_address, text)
    text = _INTERNET_NUMBER.sub(lambda m: _dotted(m.group(), " dot "), text)
    text = _VERSION.sub(lambda m: f"version {_dotted(m[1], ' point ')}", text)
    return _DOTTED.sub(lambda m: _dotted(m.group(), " point "), text)


def speak_telephone_numbers(text: str) -> str:
    """Speak telephone numbers, extensions and pins digit by digit, a pause between the groups."""
    text = _DIALLED.sub(lambda m: f"{m[1]}{digits(m[2])}", text)
    text = _TELEPHONE.sub(_speak_telephone, text)
    return _PLUS_NUMBER.sub(_speak_international, text)


def _speak_address(match: re.Match[str]) -> str:
    address = match.group()
    body = address.rstrip(".?:")
    tail = address[len(body) :]
    body = re.sub(r"^https?://", "", body, flags=re.IGNORECASE).rstrip("/")
    spoken = "".join(_SIGNS.get(char, char) for char in body)
    words = [_address_word(word) for word in re.findall(r"[A-Za-z]+|\d+", spoken)]
    return f" {' '.join(words)}{tail} "


def _address_word(word: str) -> str:
    if word.isdigit():
        return digits(word)
    if word.lower() in _SPELLED:
        return " ".join(word.upper())
    return word.lower()


def _dotted(number: str, dot: str) -> str:
    return dot.join(
        digits(part) if len(part) > _COUNTED_DIGITS or part.startswith("0") else cardinal(part)
        for part in number.split(".")
    )


def _speak_telephone(match: re.Match[str]) -> str:
    country = re.sub(r"\D", "", match["country"] or "")
    area = match["area"] or match["area2"]
    groups = [digits(part) for part in (country, area, match["exchange"], match["line"]) if part]
    plus = "plus " if (match["country"] or "").startswith("+") else ""
    return plus + ", ".join(groups)


def _speak_international(match: re.Match[str]) -> str:
    groups = re.split(r"[ -]", match.group()[1:])
    return "plus " + ", ".join(digits(group) for group in groups if group)
