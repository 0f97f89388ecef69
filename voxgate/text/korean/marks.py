"""Marks of a Korean text: pauses, ends, and quotes and brackets, which the networks know as one."""

from __future__ import annotations

import re

__all__ = ["STOP_MARKS", "drop_emoticons", "speakable", "tidy"]

STOP_MARKS = frozenset('"()~')
"""Quotation marks, brackets and swung dashes: the public networks were trained on one symbol."""

_EMOTICON = re.compile(
    r"(?<![\w(])(?:[:;=]['o-]?[)(DPp/](?![\w])|\^[-_.o]?\^;*|-[_.]-;*|[>][._]?[<]"
    r"|[TㅜㅠQ][_.][TㅜㅠQ]|[oO][._][oO])|\^\^;*|(?<=[가-힣])[:;]-?[)(](?!\w)"
)
_ITEM = re.compile(r"(?:(?<=^)|(?<=\n))\s*(\d{1,2})\)(?=\s)")
_LINE = re.compile(r"(?<=[^\s,.!?…])[ ]*\n\s*")
_FOLDED = str.maketrans({";": ",", ":": ",", "·": ",", "/": ", ", "|": ", ", "→": ", ", "—": ", "})
_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "'": '"', "`": '"', "_": " "})
_DOTS = re.compile(r"\.{2,}|…[.…]*")
_DASHES = re.compile(
    r"(?<=\S) -+ (?=\S)|-{2,}|(?<![가-힣\ue000-\uf8ff])-|-(?![가-힣\ue000-\uf8ff])"
)
_REPEATED = re.compile(r"([,.!?~…-])(?: ?\1)+|([\"()])\2+")
_PAUSES = re.compile(r",(?: ?,)+")
_BEFORE_MARK = re.compile(r" +(?=[,.!?…~)])")
_EMPTY = re.compile(r"\(\s*\)")
_LEADING = re.compile(r"^[\s,.!?…~)\-]+")
_WEAK = re.compile(r",\s*(?=[.!?…])")
_SPOKEN = re.compile("[가-힣\ue000-\uf8ff]")


def drop_emoticons(text: str) -> str:
    """Take faces made of marks out, as emoji are, and write 1) before a line as 1,."""
    return _ITEM.sub(r"\1,", _EMOTICON.sub(" ", text))


def tidy(text: str) -> str:
    """Leave hangul, single spaces, `, . ! ? … -` and the marks of `STOP_MARKS`."""
    text = _LINE.sub(". ", text).replace("\n", " ")
    text = text.translate(_FOLDED).translate(_BRACKETS)
    text = _DOTS.sub("…", text)
    text = _DASHES.sub(", ", text.rstrip(" -–—"))
    text = _EMPTY.sub("", text)
    text = " ".join(text.split())
    for pattern, kept in ((_BEFORE_MARK, ""), (_PAUSES, ","), (_WEAK, ""), (_REPEATED, r"\1\2")):
        text = pattern.sub(kept, text)
    text = _LEADING.sub("", text).strip()
    # a comma at the end stays: the text may go on in another language
    return text.rstrip(" -(") if text[-1:] in " -(" else text


def speakable(text: str) -> bool:
    """Tell whether anything but marks is left."""
    return bool(_SPOKEN.search(text))
