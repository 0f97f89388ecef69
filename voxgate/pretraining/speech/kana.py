"""Japanese text to the symbols that Kokoro-82M's Japanese voices read.

`pyopenjtalk` says how each word is pronounced, in katakana; the sounds of a mora are in IPA as the
`misaki` front end of Kokoro v1.0 describes them, without pitch: the network learnt that from words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from voxgate.errors import TextError
from voxgate.text.extras import libraries_of

__all__ = ["JapanesePhonemizer", "kana_symbols"]

_ROWS = {
    "": "アイウエオ",
    "k": "カ.クケコ",
    "ɡ": "ガ.グゲゴ",
    "s": "サ..セソ",
    "ʣ": "ザ..ゼゾ",
    "t": "タ..テト",
    "d": "ダ..デド",
    "n": "ナ.ヌネノ",
    "h": "ハ..ヘホ",
    "b": "バ.ブベボ",
    "p": "パ.プペポ",
    "m": "マ.ムメモ",
    "ɾ": "ラ.ルレロ",
    "j": "ヤ.ユ.ヨ",
    "β": "ワ....",
}
_VOWELS = "aiɯeo"
_MORAS = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, _VOWELS, strict=True)
    if kana != "."
}
_MORAS |= {"シ": "ɕi", "ジ": "ʥi", "チ": "ʨi", "ヂ": "ʥi", "ニ": "ɲi", "ヒ": "çi", "フ": "ɸɯ"}
_MORAS |= {"ス": "sɨ", "ズ": "zɨ", "ツ": "ʦɨ", "ヅ": "zɨ", "ヲ": "o", "ヴ": "vɯ"}
_MORAS |= {"キ": "kʲi", "ギ": "ɡʲi", "ビ": "bʲi", "ピ": "pʲi", "ミ": "mʲi", "リ": "ɾʲi"}
_PALATALS = {"キ": "kʲ", "ギ": "ɡʲ", "シ": "ɕ", "ジ": "ʥ", "チ": "ʨ", "ヂ": "ʥ", "ニ": "ɲ"}
_PALATALS |= {"ヒ": "ç", "ビ": "bʲ", "ピ": "pʲ", "ミ": "mʲ", "リ": "ɾʲ", "フ": "ɸʲ"}
_PALATALS |= {"テ": "tʲ", "デ": "dʲ", "ヴ": "bʲ"}
_MORAS |= {
    base + small: symbol + vowel
    for base, symbol in _PALATALS.items()
    for small, vowel in zip("ャュョ", "aɨo", strict=True)
}
_MORAS |= {f"{base}ェ": _PALATALS[base] + "e" for base in "キシジチニヒ"} | {"イェ": "je"}
_MORAS |= {f"ウ{small}": f"β{vowel}" for small, vowel in zip("ィェォ", "ieo", strict=True)}
_MORAS |= {f"ク{small}": f"kᵝ{vowel}" for small, vowel in zip("ァィェォ", "aieo", strict=True)}
_MORAS |= {f"グ{small}": f"ɡᵝ{vowel}" for small, vowel in zip("ァィェォ", "aieo", strict=True)}
_MORAS |= {"ツァ": "ʦa", "ツィ": "ʦʲi", "ツェ": "ʦe", "ツォ": "ʦo"}
_MORAS |= {"ファ": "ɸa", "フィ": "ɸʲi", "フェ": "ɸe", "フォ": "ɸo"}
_MORAS |= {"ヴァ": "va", "ヴィ": "vʲi", "ヴェ": "ve", "ヴォ": "vo"}
_MORAS |= {"ティ": "tʲi", "ディ": "dʲi", "トゥ": "tɯ", "ドゥ": "dɯ", "スィ": "sʲi", "ズィ": "zʲi"}
_MORAS |= {"ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o"}
_MARKS = {"、": ",", "，": ",", "。": ".", "？": "?", "！": "!", "：": ":", "；": ";", "…": "…"}
_SILENT = {"・", "\N{IDEOGRAPHIC SPACE}", " ", "「", "」", "『", "』"}


_LATIN = re.compile(r"([A-Za-z][A-Za-z' ]*[A-Za-z]|[A-Za-z])")


def kana_symbols(reading: str) -> str:
    """Return Kokoro's symbols of a word in katakana, as pronounced (long vowels as ー).

    >>> kana_symbols("キョー"), kana_symbols("シンブン"), kana_symbols("ガッコー")
    ('kʲoː', 'ɕimbɯɴ', 'ɡaʔkoː')

    Raises:
        TextError: a character is no katakana.
    """
    moras = list(_moras(reading))
    following = [*moras[1:], ""]
    return "".join(_nasal(after) if one == "ン" else one for one, after in zip(moras, following))  # noqa: B905


def _moras(reading: str) -> Iterator[str]:
    place = 0
    while place < len(reading):
        for size in (2, 1):
            kana = reading[place : place + size]
            if kana in _MORAS:
                yield _MORAS[kana]
                break
        else:
            kana = reading[place]
            if kana not in "ンッー":
                raise TextError(f"{kana!r} in {reading!r} is no katakana that the teacher reads")
            yield {"ン": "ン", "ッ": "ʔ", "ー": "ː"}[kana]
        place += len(kana)


def _nasal(after: str) -> str:
    """Let ん sound at the place of what follows in the word."""
    for first, sound in (("mpb", "m"), ("kɡ", "ŋ"), ("ɲʨʥ", "ɲ"), ("ntdɾz", "n")):
        if after and after[0] in first:
            return sound
    return "ɴ"


class JapanesePhonemizer:
    """Reads Japanese without digits.

    Raises:
        TextError: `pyopenjtalk` is not installed (the extra `ja`).
    """

    def __init__(self) -> None:
        with libraries_of("ja"):
            import pyopenjtalk
        self._library: Any = pyopenjtalk

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """Cut `text` into (kind, content): "symbols" in Kokoro's symbols, "latin" as written.

        Raises:
            TextError: a word has no reading in katakana.
        """
        found: list[tuple[str, str]] = []
        for written, japanese in _latin_apart(text):
            if not japanese:
                found.append(("latin", written))
                continue
            for word in _words(self._library.run_frontend(written, use_sudachi_kanji_yomi=False)):
                mark = word in _MARKS
                found.append(("marks", _MARKS[word]) if mark else ("symbols", kana_symbols(word)))
        return found


def _words(nodes: Iterable[dict[str, Any]]) -> list[str]:
    """Return the readings of words, endings joined to what they end, and marks."""
    words: list[str] = []
    for node in nodes:
        if node["string"] in _SILENT:
            continue
        if node["string"] in _MARKS:
            words.append(node["string"])
            continue
        reading = node["pron"].replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
        ending = node["pos"] == "助動詞" or node["pos_group1"] in ("接続助詞", "接尾")
        if words and words[-1] not in _MARKS and (ending or reading[0] in "ーッ"):
            words[-1] += reading
        else:
            words.append(reading)
    return words


def _latin_apart(text: str) -> Iterator[tuple[str, bool]]:
    for piece in _LATIN.split(text):
        if piece.strip():
            yield piece, _LATIN.match(piece) is None
