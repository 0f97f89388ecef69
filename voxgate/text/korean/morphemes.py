"""The morphemes of a Korean text, by MeCab and its Korean dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from voxgate.text.extras import libraries_of

if TYPE_CHECKING:
    from mecab import MeCab

__all__ = ["Morpheme", "analyser_version", "morphemes_of"]

_PIECE = 2_000
"""Characters that are analysed at once; longer texts are cut at a space before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Morpheme:
    """One morpheme, or several that are contracted into the same syllables."""

    start: int
    """The place of its first character."""

    end: int
    tags: tuple[str, ...]
    """Sejong tags, from its first part to its last: NNG, VV, ETM…"""

    parts: tuple[str, ...]
    """What it is made of; a final consonant of an ending is a conjoining letter: `ᆯ게`."""

    reading: str | None = None
    """How the dictionary reads it in hangul, if it has it."""

    @property
    def nominal(self) -> bool:
        """Tell nouns, numerals, determiners, adverbs and roots from what is conjugated."""
        return all(tag[0] in "NM" or tag in ("XR", "XPN", "XSN") for tag in self.tags)

    @property
    def particle(self) -> bool:
        """Tell particles, the copula and endings."""
        return self.tags[0][0] in "JE" or self.tags[0] in ("VCP", "XSV", "XSA")


def morphemes_of(text: str) -> list[Morpheme]:
    """Analyse a text; the places of the morphemes are those of its characters.

    Raises:
        TextError: the library is not installed; names the extra.
    """
    found: list[Morpheme] = []
    begin = 0
    while begin < len(text):
        end = len(text)
        if end - begin > _PIECE:
            cut = text.rfind(" ", begin + 1, begin + _PIECE)
            end = cut if cut > begin else begin + _PIECE
        piece = text[begin:end].lstrip()  # the analyser counts from the first letter
        found += _analyse(piece, end - len(piece))
        begin = end
    return found


@cache
def analyser_version() -> str:
    """Name the versions of the analyser and of its dictionary."""
    with libraries_of("ko"):
        import mecab  # noqa: F401 a missing library has its own message
    return "+".join(f"{name} {version(name)}" for name in _PACKAGES)


_PACKAGES = ("python-mecab-ko", "python-mecab-ko-dic")


@cache
def _analyser() -> MeCab:
    with libraries_of("ko"):
        from mecab import MeCab
    return MeCab()


def _analyse(text: str, offset: int) -> list[Morpheme]:
    found = []
    for item in _analyser().parse(text):
        feature = item.feature
        parts: tuple[str, ...] = (item.surface,)
        tags = tuple(feature.pos.split("+"))
        if feature.expression:
            pieces = [part.split("/") for part in feature.expression.split("+")]
            if all(len(piece) > 1 for piece in pieces):
                parts = tuple(piece[0] for piece in pieces)
                tags = tuple(piece[1] for piece in pieces)
        found.append(
            Morpheme(
                start=offset + item.span.start,
                end=offset + item.span.end,
                tags=tags,
                parts=parts,
                reading=feature.reading,
            )
        )
    return found
