"""What a Chinese voice is judged by: syllables with their tones, so that homophones are equal.

Both sides of a comparison are read by the same rules; a wrong reading cancels out. That judges the
voice: whether a word is *read* right is for terms and rows on phones.
"""

from __future__ import annotations

import re

from voxgate.text.chinese.lexicon import syllables_of
from voxgate.text.chinese.phrases import simplified
from voxgate.text.chinese.polyphone_network import polyphone_network
from voxgate.text.chinese.reading import read_clause
from voxgate.text.inline_readings import inline_reading_at, lift

__all__ = ["sounds", "written"]

_PIECE = re.compile(r"[^,.!?…\ue000-\uf8ff]+|[\ue000-\uf8ff]")
_MARKS = re.compile(r"[,.!?…]")


def sounds(normalised: str) -> tuple[str, ...]:
    """Return the syllables of a normalised text, such as `zhong1`, without marks.

    Raises:
        TextError: an inline reading is no pinyin.
    """
    lifted, inline = lift(normalised)
    heard: list[str] = []
    for piece in _PIECE.findall(simplified(lifted)):
        term = inline_reading_at(piece, inline) if len(piece) == 1 else None
        if term is not None:
            heard += syllables_of(term.reading)
        else:
            _, syllables = read_clause(piece, model=polyphone_network())
            heard += (syllable.pinyin for syllable in syllables)
    return tuple(heard)


def written(normalised: str) -> tuple[str, ...]:
    """Return the characters of a normalised text in simplified form, without marks."""
    lifted, inline = lift(normalised)
    characters = (
        reading.written if (reading := inline_reading_at(character, inline)) else character
        for character in _MARKS.sub("", lifted)
    )
    return tuple(simplified("".join(characters)))
