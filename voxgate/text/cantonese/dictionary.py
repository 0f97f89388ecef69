"""Readings of characters and words: the dictionary of ToJyutping."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from voxgate.files import digest_json
from voxgate.text.extras import libraries_of

__all__ = ["dictionary_digest", "dictionary_readings"]

_LIBRARIES = ("ToJyutping", "opencc")

_IN_ONE_SYLLABLE = {
    "卅": "saa1",
    "卌": "sei3",
    "瓩": "ngaa5",
    "兙": "hak1",
    "兡": "hak1",
    "瓱": "ngaa5",
}
"""ToJyutping reads these characters in two syllables; phones are two a character."""


def dictionary_readings(text: str) -> list[str | None]:
    """Return the jyutping of each character of `text`, by the longest words from the left.

    What the dictionary does not know is None; so are marks.

    Raises:
        TextError: ToJyutping is not installed.
    """
    return [
        _IN_ONE_SYLLABLE.get(character) if reading and " " in reading else reading
        for character, reading in _lookup()(text)
    ]


@cache
def dictionary_digest() -> str:
    """Name the libraries whose tables decide how texts are read, by their versions."""
    with libraries_of("yue"):
        import opencc  # noqa: F401 a missing one is named here, before any text is read
        import ToJyutping  # noqa: F401
    return digest_json({name: version(name) for name in _LIBRARIES})


@cache
def _lookup() -> Callable[[str], list[tuple[str, str | None]]]:
    with libraries_of("yue"):
        import ToJyutping
    lookup: Callable[[str], list[tuple[str, str | None]]] = ToJyutping.get_jyutping_list
    return lookup
