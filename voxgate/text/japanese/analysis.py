"""The dictionary and the accents of Open JTalk, as pyopenjtalk-plus brings them.

An own instance reads the dictionary inside the package: a user dictionary that something else in
the process loads, or one that the environment names, changes nothing here.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
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

NamedReading = tuple[str, int, int]
"""Katakana as pronounced, the mora behind which the voice falls or 0, and the number of moras."""

_UNKNOWN_COLUMNS = 8
_HAN = re.compile("[㐀-鿿豈-﫿\U00020000-\U000323af]")


def analyse(text: str, readings: Mapping[str, NamedReading]) -> list[Feature]:
    """Return the words of a text without marks and brackets.

    `readings` are those of the places in the text. A word that the dictionary does not know has
    true at the key `is_unknown`.
    """
    with libraries_of("ja"):
        import pyopenjtalk

    jtalk = open_dictionary()
    lines = [part for line in jtalk.run_mecab(text) for part in _with_readings(line, readings)]
    if not lines:
        return []
    features: Any = jtalk.run_njd_from_mecab(lines, True, True)
    for feature in features:
        feature["is_reading_protected"] = bool(PLACE.match(feature["string"]))
    unknown = _unknown_words(lines)
    with warnings.catch_warnings() if unknown else nullcontext():
        if unknown:  # these are looked up in SudachiDict, by a call that sudachipy will rename
            warnings.simplefilter("ignore", DeprecationWarning)
        features = pyopenjtalk.apply_postprocessing(
            "".join(feature["string"] for feature in features),
            features,
            use_sudachi_kanji_yomi=False,
            jtalk=jtalk,
        )
    words: list[Feature] = features
    for word in words:
        word["is_unknown"] = word["string"] in unknown
    return words


def make_labels(features: list[Feature]) -> list[str]:
    """Return the full-context labels of words that are spoken without a break."""
    njd: Any = features
    return open_dictionary().make_label(njd)


def word_phones(features: list[Feature]) -> list[tuple[Feature, list[str]]]:
    """Return words with their phonemes, in Open JTalk's names.

    A word that only lengthens the one before it, as う in ましょう, is one with it.
    """
    with libraries_of("ja"):
        import pyopenjtalk

    njd: Any = features
    rest = iter(features)
    found: list[tuple[Feature, list[str]]] = []
    for entry in pyopenjtalk.make_phoneme_mapping(njd, jtalk=open_dictionary()):
        word = dict(next(rest))
        while len(word["string"]) < len(entry["surface"]):
            word["string"] += next(rest)["string"]
        found.append((word, list(entry["phonemes"])))
    return found


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


def _with_readings(line: str, readings: Mapping[str, NamedReading]) -> Iterator[str]:
    """Give places the reading of a name; neighbours come as one unknown word."""
    if not PLACE.match(line):
        yield _with_trained_phrases(line)
        return
    for place in line.partition(",")[0]:
        kana, accent, size = readings[place]
        yield f"{place},名詞,固有名詞,一般,*,*,*,{place},{kana},{kana},{accent}/{size},C1"


def _with_trained_phrases(line: str) -> str:
    """Keep 食べて|いる and 勉強|する two accent phrases, as the public checkpoints were trained.

    The newer rules of pyopenjtalk-plus join them by the word class and the conjugation.
    """
    line = line.replace(",動詞,非自立,", ",動詞,自立,")
    return line.replace(",動詞,自立,*,*,サ変・スル,", ",動詞,自立,*,*,一段,")


def _unknown_words(lines: list[str]) -> frozenset[str]:
    """Return the words with Han characters that the dictionary has no reading for."""
    words = (line.partition(",")[0] for line in lines if line.count(",") < _UNKNOWN_COLUMNS)
    return frozenset(word for word in words if _HAN.search(word))
