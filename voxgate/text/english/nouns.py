"""Tell "a five dollar bill" from "a five dollars more"."""

from __future__ import annotations

import re

__all__ = ["noun_follows"]

_WORD = re.compile(r"\s?([a-z]{3,})")
_NO_NOUNS = frozenset(
    "after and are before but can did each every for from goes had has have how into less may more "
    "now off only per plus than that then this too until via was were when which while who will "
    "with".split()
)


def noun_follows(text: str, position: int) -> bool:
    """Tell whether a word that may be a noun stands at `position`: there a measure is singular."""
    word = _WORD.match(text, position)
    return word is not None and word[1] not in _NO_NOUNS
