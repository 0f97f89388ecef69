"""Bring simplified characters to those of Hong Kong; what is traditional stays as it is written.

Cantonese is read from traditional characters: simplified ones merge words that sound different
(隻 and 只, 錶 and 表, 鬱 and 郁), so the way back needs the words around them, which OpenCC knows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from voxgate.text.extras import libraries_of

__all__ = ["hong_kong_forms", "traditional"]

_KEPT = frozenset("吓晒仆咤糍涌范余岳杰温溫峰群床癡恒")
"""What OpenCC would turn into other words (唔該晒 is no 曬), names, or only other forms."""


def traditional(text: str) -> str:
    """Return `text` in traditional characters.

    A text with more characters that are only simplified than such as are only traditional is
    converted word by word; in another one the odd simplified character is replaced alone.
    """
    simplified = sum(map(_only_simplified, text))
    if not simplified:
        return text
    if simplified <= sum(map(_only_traditional, text)):
        return "".join(map(_one_character, text))
    # OpenCC's s2hk replaces no words, so that there are as many characters as before.
    return "".join(
        old if old in _KEPT else new
        for old, new in zip(text, _converter("s2hk")(text), strict=True)
    )


def hong_kong_forms(text: str) -> str:
    """Return `text` in one way of writing: traditional, in the forms of Hong Kong (裏, 着, 説).

    For comparing texts, never for reading them.
    """
    return _converter("t2hk")(_converter("tw2t")(traditional(text)))


def _one_character(character: str) -> str:
    return _converter("s2hk")(character) if _only_simplified(character) else character


def _only_simplified(character: str) -> bool:
    """Tell what mainland China writes and Hong Kong does not."""
    return (
        character > "\u3400"
        and character not in _KEPT
        and not _encodes(character, "cp950")
        and _encodes(character, "gb2312")
        and _converter("s2hk")(character) != character
    )


def _only_traditional(character: str) -> bool:
    return (
        character > "\u3400"
        and _encodes(character, "cp950")
        and not _encodes(character, "gb2312")
        and _converter("t2s")(character) != character
    )


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(name: str) -> Callable[[str], str]:
    with libraries_of("yue"):
        from opencc import OpenCC
    convert: Callable[[str], str] = OpenCC(name).convert
    return convert
