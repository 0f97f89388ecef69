"""The dictionary and the accents of Open JTalk, as pyopenjtalk-plus brings them.

An own instance reads the dictionary inside the package: a user dictionary that something else in
the process loads, or one that the environment names, changes nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from voxgate.files import digest_json
from voxgate.text.extras import libraries_of
from voxgate.text.japanese.places import PLACE

if TYPE_CHECKING:
    from pyopenjtalk.openjtalk import OpenJTalk

__all__ = ["Feature", "NamedReading", "analyse", "dictionary_digest", "make_labels", "word_phones"]

Feature = dict[str, Any]
"""A word: `string`, `pron` (katakana, long vowels as ー), `pos`, `acc` and what labels need."""

NamedReading = tuple[str, int]
"""Katakana as pronounced, and the mora behind which the voice falls; 0 where it never does."""

_BRACKETS = frozenset("「」（）")
_UNKNOWN_COLUMNS = 8
_HAN = re.compile("[㐀-鿿豈-﫿\U00020000-\U000323af]")


def analyse(
    text: str, readings: Mapping[str, NamedReading], morae: Mapping[str, int]
) -> Iterator[list[Feature]]:
    """Yield the words of each part of `text` between brackets.

    `readings` are those of the places in the text, `morae` their lengths. A word that the
    dictionary does not know carries the key `is_unknown`.
    """
    with libraries_of("ja"):
        import pyopenjtalk

    jtalk = open_dictionary()
    part: list[str] = []
    for line in [*jtalk.run_mecab(text), "（,記号"]:
        if line[0] not in _BRACKETS:
            part.extend(_with_readings(line, readings, morae))
            continue
        if part:
            features = jtalk.run_njd_from_mecab(part, True, True)
            for feature in features:
                feature["is_reading_protected"] = bool(PLACE.match(feature["string"]))
            features = pyopenjtalk.apply_postprocessing(
                "".join(feature["string"] for feature in features),
                features,
                use_sudachi_kanji_yomi=False,
                jtalk=jtalk,
            )
            yield _marked_unknown(features, part)
        part = []


def make_labels(features: list[Feature]) -> list[str]:
    """Return the full-context labels of words that are spoken without a break."""
    labels: list[str] = open_dictionary().make_label(features)
    return labels


def word_phones(features: list[Feature]) -> list[list[str]]:
    """Return the phonemes of each word, in Open JTalk's names."""
    with libraries_of("ja"):
        import pyopenjtalk

    mapping = pyopenjtalk.make_phoneme_mapping(features, jtalk=open_dictionary())
    return [list(entry["phonemes"]) for entry in mapping]


@cache
def open_dictionary() -> OpenJTalk:
    """Open the dictionary inside the package, once a process.

    Raises:
        TextError: pyopenjtalk-plus is not installed; names the extra.
    """
    with libraries_of("ja"):
        from pyopenjtalk.openjtalk import OpenJTalk
    return OpenJTalk(dn_mecab=str(files("pyopenjtalk") / "dictionary").encode())


@cache
def dictionary_digest() -> str:
    """Return what names the dictionary: the version of the package that holds it."""
    with libraries_of("ja"):
        import pyopenjtalk  # noqa: F401 a missing one is named
    return digest_json({"pyopenjtalk-plus": version("pyopenjtalk-plus")})


def _with_readings(
    line: str, readings: Mapping[str, NamedReading], morae: Mapping[str, int]
) -> Iterator[str]:
    """Give places the reading of a name; neighbours come as one unknown word."""
    if not PLACE.match(line):
        yield line
        return
    for place in line.partition(",")[0]:
        reading, accent = readings[place]
        yield (
            f"{place},名詞,固有名詞,一般,*,*,*,{place},{reading},{reading},{accent}/{morae[place]},C1"
        )


def _marked_unknown(features: list[Feature], lines: list[str]) -> list[Feature]:
    unknown = {
        line.partition(",")[0]
        for line in lines
        if line.count(",") < _UNKNOWN_COLUMNS and _HAN.search(line)
    }
    for feature in features:
        feature["is_unknown"] = feature["string"] in unknown
    return features
