"""Read URLs, e-mail addresses, file names and version numbers aloud."""

from __future__ import annotations

import re

from voxgate.text.english.numbers import cardinal, digits

__all__ = ["speak_addresses"]

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
    "*": " star ",
    "$": " dollar ",
}
_SPELLED = frozenset(
    {"www", "html", "htm", "http", "https", "php", "uk", "de", "fr", "eu", "us", "io", "ai", "tv"}
)

_LABEL = r"[a-z0-9][a-z0-9-]{0,62}+"
"""Bounded, as all that may start anywhere: a text of any length is read in linear time."""
_HOST = rf"(?:{_LABEL}\.){{1,10}}[a-z]{{2,24}}"
_TOP_LEVEL = r"com|org|net|edu|gov|io|ai|dev|info|biz|uk|de|fr|eu|us|ca|au|tv|app|me|co"
_EMAIL = re.compile(rf"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{{0,63}}@{_HOST}\b", re.IGNORECASE)
_URL = re.compile(rf"\bhttps?://{_HOST}(?::\d+)?(?:/[^\s,;!\"')\]]*)?", re.IGNORECASE)
_BARE_HOST = re.compile(
    rf"(?<![\w@.-])(?:www\.{_HOST}|(?:{_LABEL}\.){{1,10}}(?:{_TOP_LEVEL}))\b(?!\.[a-z])(?:/[^\s,;!\"')\]]*)?",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?<![\w-])[A-Za-z0-9][\w-]{0,200}+\.(?:py|md|txt|wav|flac|mp3|csv|json|yaml|html|pdf|jpg|png|exe|zip|sh|js)\b"
)
_DOT_NAME = re.compile(r"(?<![\w.])\.(?=[A-Za-z]{2})")
_INTERNET_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)")
_VERSION = re.compile(r"\b(?:(version )|v\.? ?)(\d++(?:\.\d++)*+)\b", re.IGNORECASE)
_DOTTED = re.compile(
    r"(?<![\d.])(?!\d{3}\.\d{3}\.\d{4}(?!\d))"
    r"(?!\d{1,2}\.\d{1,2}\.\d{4}(?![\d.]*\d)|\d{4}\.\d{1,2}\.\d{1,2}(?!\.?\d)|(?:0\d\.\d\d|\d\d\.0\d)\.\d\d(?!\.?\d))\d++(?:\.\d++){2,}+"
)
_COUNTED_DIGITS = 2
"""Longer parts of a dotted number are spelled: 192.168.1.10."""


def speak_addresses(text: str) -> str:
    """Speak URLs (without their scheme), e-mail addresses, host and file names, and versions."""
    for pattern in (_EMAIL, _URL, _BARE_HOST, _FILE):
        text = pattern.sub(_speak_address, text)
    text = _DOT_NAME.sub("dot ", text)
    text = _INTERNET_NUMBER.sub(lambda m: _dotted(m.group(), " dot "), text)
    text = _VERSION.sub(lambda m: f"{m[1] or 'version '}{_dotted(m[2], ' point ')}", text)
    return _DOTTED.sub(lambda m: _dotted(m.group(), " point "), text)


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
