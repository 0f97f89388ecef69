"""Cut texts that hold readings and language tags: no cut falls inside one.

A reading such as `{A.B.|ei1 bi4}` may hold marks; a tag may open in one piece and close in another.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from voxgate.text.inline_readings import lift, lower
from voxgate.text.languages import LANGUAGES
from voxgate.text.tags import has_tags

__all__ = ["cut_whole"]

_TAG = re.compile(rf"<(/?)({'|'.join(LANGUAGES)})>")
_SPEAKABLE = re.compile("[^\\W_]|[\ue000-\uf8ff]")


def cut_whole(text: str, cut: Callable[[str], list[str]]) -> list[str]:
    """Return the pieces of `cut`, each with its readings whole and its tags closed.

    Raises:
        TextError: the text has private-use characters, or a reading is empty.
    """
    if "{" not in text and not has_tags(text):
        return cut(text)
    lifted, readings = lift(text)
    pieces: list[str] = []
    language: str | None = None
    for piece in cut(lifted):
        whole, language = _closed(piece, language)
        if _SPEAKABLE.search(_TAG.sub("", whole)):
            pieces.append(lower(whole, readings))
    return pieces


def _closed(piece: str, language: str | None) -> tuple[str, str | None]:
    """Return the piece with the tag that it stands in, and the one that it leaves open."""
    whole = piece if language is None else f"<{language}>{piece}"
    for close, name in _TAG.findall(piece):
        language = None if close else name
    if language is not None:
        whole = f"{whole}</{language}>"
    return re.sub(r"<(\w+)>\s*</\1>", "", whole), language
