"""Take texts out of the HTML and Markdown that they were written in."""

from __future__ import annotations

import html
import re

__all__ = ["strip_markup"]

_TAGS = (
    "a|abbr|article|audio|b|big|blockquote|body|br|break|button|caption|center|cite|code|dd|div|dl|dt|em|"
    "emphasis|figcaption|figure|font|footer|h[1-6]|head|header|hr|html|i|img|ins|kbd|li|link|main|"
    "mark|meta|nav|ol|p|phoneme|pre|prosody|q|s|say-as|section|small|speak|span|strong|sub|sup|table|tbody|td|"
    "tfoot|th|thead|title|tr|tt|u|ul|voice"
)
_PROGRAM = re.compile(r"<(script|style)\b[^<>]{0,500}>.{0,5000}?</\1>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--[^<>]{0,1000}-->|<!DOCTYPE[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,1000}})?/?>", re.IGNORECASE)
_PAUSING_TAG = re.compile(
    r"</(?:p|div|h[1-6]|li|tr|td|th|title|blockquote|dd|dt)>|<(?:hr|break)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_BARE = frozenset("bisqu")
_NARROW_TAG = re.compile(r"(?<=\w)</?(?:sup|sub)>(?=\d)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPINGS = 3
"""Texts that were escaped twice ("&amp;amp;") are common; more often than this is none."""

_LINES = (
    (re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_=] ?){3,}$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}#{1,6} +(?=[A-Za-z])([^\n]*?)[ #]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:> ?)+(?=\w|[\"'*_`])", re.MULTILINE), ""),
)
_LIST_ITEM = re.compile(r"(?<=\n)[ \t]*[*+] +(?=\w)|^[*+] +(?=\w[^\n]*\n)")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:[^()\s]{0,2000})(?: \"[^\"\n]{0,200}\")?\)")
_CODE = re.compile(r"`{1,3}([^`\n]{1,1000})`{1,3}")
_STRUCK = re.compile(r"~~([^~\n]{1,1000})~~")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_]{1,3})(?=[^\s*_])([^*_\n]{1,1000})(?<=\S)\1(?![\w*])")


def strip_markup(text: str) -> str:
    """Drop known tags and marks of emphasis, code, links and lists; what they hold stays.

    A comparison ("5 < 6 > 3") is no tag. Entities become the characters that they stand for.
    """
    if "<" in text:
        text = _PROGRAM.sub(" ", text)
        text = _NARROW_TAG.sub(lambda m: "^" if "sup" in m.group().lower() else "", text)
        text = _PAUSING_TAG.sub(", ", _COMMENT.sub(" ", text))
        text = _strip_tags(text)
    for _ in range(_ESCAPINGS):
        text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    for pattern, kept in _LINES:
        text = pattern.sub(kept, text)
    text = _LINK.sub(r"\1", _LIST_ITEM.sub("- ", text))
    text = _STRUCK.sub(r"\1", _CODE.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", text)


def _strip_tags(text: str) -> str:
    """Drop tags; "a <b> c" without a "</b>" is no tag but two comparisons or a name."""
    closed = {name for name in _BARE if f"</{name}>" in text.lower()}

    def strip(match: re.Match[str]) -> str:
        name = match.group()[1:-1].lower()
        if name in _BARE - closed:
            return match.group()
        return " " if name.startswith("br") else ""

    return _TAG.sub(strip, text)
