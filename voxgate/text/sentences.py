"""Cut a text into pieces that a model speaks one after the other.

The rules `cut0` to `cut5` give the same pieces as the equally named choices of GPT-SoVITS;
`sentences` is what voxgate itself uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Literal, get_args

from voxgate.errors import TextError
from voxgate.text.scripts import script_of
from voxgate.text.whole_marks import cut_whole

__all__ = ["CutName", "CutRule", "cut", "cut_names", "divide", "sentences", "split_long"]

CutRule = Literal["cut0", "cut1", "cut2", "cut3", "cut4", "cut5"]
"""cut0 nothing; cut1 every fourth piece between marks; cut2 after more than 50 characters;
cut3 at "。"; cut4 at a point beside no digit; cut5 at every mark but a decimal point."""

CutName = Literal[
    "sentences",
    "nothing",
    "every_fourth_mark",
    "fifty_characters",
    "chinese_full_stops",
    "full_stops",
    "every_mark",
]
"""voxgate's own way, and the six rules by names that say what they do."""

MAX_CHARACTERS = 510
"""Longer pieces exceed what upstream's text encoder takes."""

_GROUP = 4
_LONG_GROUP = 50
_MIN_SENTENCE = 5
_PIECE = re.compile("[^，。？！,.?!~:：—…]*[，。？！,.?!~:：—…]|[^，。？！,.?!~:：—…]+$", re.DOTALL)
_EVERY_MARK = re.compile(r"(?<=[,;?!、，。？！；：…])|(?<=\.)(?<!\d\.(?=\d))")
_SENTENCE_END = re.compile(r"(?<=[!?…。？！])(?![!?….。？！])|(?<=\.)(?![!?….\d])")
_SPEAKABLE = re.compile("[^\\W_]|[\ue000-\uf8ff]")
"""A letter or digit, or a reading that stands aside (`voxgate.text.whole_marks`)."""

_SPACELESS = ("han", "kana")


def cut(text: str, rule: CutRule) -> list[str]:
    """Cut `text` by one of upstream's rules; pieces that hold only marks are dropped.

    Line breaks at the ends are removed. cut3 and cut4 drop the marks at which they cut.

    Raises:
        TextError: there is no such rule.
    """
    if rule not in _RULES:
        raise TextError(f"no cutting rule {rule!r}; there are: {', '.join(get_args(CutRule))}")
    return _speakable(_RULES[rule](text.strip("\n")))


def cut_names() -> tuple[CutName, ...]:
    """Return the ways of cutting that `divide` knows."""
    names: tuple[CutName, ...] = get_args(CutName)
    return names


def divide(text: str, way: CutName) -> list[str]:
    """Cut normalised text in the named way, with no piece above 510 characters.

    "sentences" is `sentences`, the others are `cut` with cut0 to cut5 in their order.
    """
    if way == "sentences":
        return sentences(text)
    rule = get_args(CutRule)[cut_names().index(way) - 1]

    def pieces(whole: str) -> list[str]:
        return [part for piece in cut(whole, rule) for part in split_long(piece)]

    return cut_whole(text, pieces)


def sentences(text: str, *, max_characters: int = MAX_CHARACTERS) -> list[str]:
    """Cut normalised text at the ends of sentences.

    Sentences shorter than 5 characters join the next one, longer ones than `max_characters` are
    divided by `split_long`; nothing speakable is lost. Readings and language tags stay whole.
    """

    def pieces(whole: str) -> list[str]:
        parts = (split_long(one, limit=max_characters) for one in _merged(whole))
        return [part for sentence in parts for part in sentence]

    return cut_whole(text, pieces)


def _merged(text: str) -> list[str]:
    """Return the sentences, those that are too short together with the next one."""
    merged: list[str] = []
    for sentence in _speakable(_SENTENCE_END.split(text)):
        own = sentence.strip()
        if merged and len(merged[-1]) < _MIN_SENTENCE:
            gap = "" if script_of(sentence[0]) in _SPACELESS else " "
            merged[-1] = f"{merged[-1]}{gap}{own}"
        else:
            merged.append(own)
    return merged


def split_long(text: str, *, limit: int = MAX_CHARACTERS) -> list[str]:
    """Divide a text into parts of at most `limit` characters, at marks or spaces if possible."""
    parts = [""]
    for piece in _units(text, limit):
        if parts[-1] and len(parts[-1]) + len(piece) > limit:
            parts.append("")
        parts[-1] += piece
    return _speakable(part.strip() for part in parts)


def _units(text: str, limit: int) -> list[str]:
    """Return pieces of at most `limit` characters that together are `text`."""
    units: list[str] = []
    for piece in _PIECE.findall(text):
        for word in re.findall(r"\S*\s*", piece) if len(piece) > limit else [piece]:
            units.extend(word[at : at + limit] for at in range(0, len(word), limit))
    return units


def _pieces(text: str) -> list[str]:
    """Cut after each mark, as upstream's cut1 and cut2 see a text: a double mark is one."""
    single = text.replace("……", "。").replace("——", "，")
    return [piece for piece in _PIECE.findall(single) if piece]


def _groups_of_four(text: str) -> list[str]:
    pieces = _pieces(text)
    starts = list(range(0, len(pieces), _GROUP))[:-1]  # the last group takes what would be a fifth
    if not starts:
        return [text]
    bounds = [*starts, len(pieces)]
    return ["".join(pieces[start:end]) for start, end in pairwise(bounds)]


def _groups_of_fifty(text: str) -> list[str]:
    pieces = _pieces(text)
    if len(pieces) <= 1:
        return [text]
    groups = [""]
    for piece in pieces:
        if len(groups[-1]) > _LONG_GROUP:
            groups.append("")
        groups[-1] += piece
    if len(groups) > 1 and len(groups[-1]) < _LONG_GROUP:
        last = groups.pop()
        groups[-1] += last
    return groups


def _speakable(pieces: Iterable[str]) -> list[str]:
    return [piece for piece in pieces if _SPEAKABLE.search(piece)]


_RULES: dict[str, Callable[[str], list[str]]] = {
    "cut0": lambda text: [text],
    "cut1": _groups_of_four,
    "cut2": _groups_of_fifty,
    "cut3": lambda text: text.strip("。").split("。"),
    "cut4": lambda text: re.split(r"(?<!\d)\.(?!\d)", text.strip(".")),
    "cut5": _EVERY_MARK.split,
}
