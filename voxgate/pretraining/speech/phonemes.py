"""Text to the symbols that Kokoro-82M reads: espeak-ng's IPA, mapped to the model's own inventory.

The inventory and the mapping follow the description of the `misaki` front end (EN_PHONES.md): one
symbol for each diphthong and affricate, American `T` for the flap, no length marks in American.
The ids are the order of the symbol table that StyleTTS 2 introduced, as Kokoro v1.0 changed it.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from voxgate.errors import AssetError, TextError

__all__ = ["VOCABULARY", "Phonemizer", "symbol_ids", "to_kokoro"]

_ORDERED = {
    1: ";:,.!?",
    9: "\N{EM DASH}\N{HORIZONTAL ELLIPSIS}",
    16: " ",
    18: "ʣʥʦʨᵝꭧ",
    31: "O",
    33: "Q",
    35: "ST",
    39: "W",
    41: "Yᵊabcdefghijklmnopqrstuvwxyz".replace("g", "\0"),
    69: "ɑɐɒæ",
    75: "βɔɕç",
    81: "ðʤə",
    85: "ɚɛɜ",
    92: "ɡ",
    99: "ɥ",
    101: "ɨɪ",
    110: "ɯ",
    112: "ŋ",
    114: "ɲɴ",
    118: "ɸθ",
    123: "ɹ",
    125: "ɾɻ",
    130: "ʂʃ",
    133: "ʧ",
    135: "ʊ",
    138: "ʌ",
    140: "ɤ",
    147: "ʒʔ",
    156: "ˈˌː",
    162: "ʰ",
    164: "ʲ",
    169: "↓",
    171: "→↗↘",
    177: "ᵻ",
}
VOCABULARY = {
    symbol: start + offset
    for start, symbols in _ORDERED.items()
    for offset, symbol in enumerate(symbols)
    if symbol != "\0"
} | {"A": 24, "I": 25}

_SHARED = [
    ("ʔˌn\u0329", "tᵊn"),
    ("ʔn\u0329", "tᵊn"),
    ("ʔn", "tᵊn"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("ə^l", "ᵊl"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɬ", "l"),
    ("ɐ", "ə"),
    ("ʔ", "t"),
    ("ʲ", ""),
    ("\u0303", ""),
]
_AMERICAN = [
    ("o^ʊ", "O"),
    ("ɜː^ɹ", "ɜɹ"),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪ^ə", "iə"),
    ("ɚ", "əɹ"),
    ("e", "A"),
    ("o", "ɔ"),
    ("ɾ", "T"),
    ("ː", ""),
]
_BRITISH = [("ə^ʊ", "Q"), ("e^ə", "ɛː"), ("i^ə", "ɪə"), ("e", "A"), ("o", "ɔ")]
_SYLLABIC = re.compile("(\\S)\u0329")


def to_kokoro(ipa: str, *, british: bool) -> str:
    """Map espeak-ng's IPA (ties written `^`, stress marks on) to Kokoro's symbols."""
    for source, target in _SHARED + (_BRITISH if british else _AMERICAN):
        ipa = ipa.replace(source, target)
    return _SYLLABIC.sub(r"ᵊ\1", ipa).replace("^", "").strip()


def symbol_ids(symbols: str) -> list[int]:
    """Return the model's ids of `symbols`, without the zeros that frame an utterance.

    Raises:
        TextError: a symbol is not in the inventory; a silent drop would part text and audio.
    """
    unknown = sorted(set(symbols) - VOCABULARY.keys())
    if unknown:
        raise TextError(f"symbols {unknown} in {symbols!r} are not in Kokoro's inventory")
    return [VOCABULARY[symbol] for symbol in symbols]


class Phonemizer:
    """espeak-ng through the shared library that `espeakng-loader` carries (en-us and en-gb).

    Raises:
        AssetError: the `pretrain` extra is not installed.
    """

    def __init__(self) -> None:
        try:
            import espeakng_loader
            from phonemizer.backend import EspeakBackend
            from phonemizer.backend.espeak.wrapper import EspeakWrapper
        except ImportError as error:
            raise AssetError(
                f"{error.name} is not installed; install voxgate with its 'pretrain' extra"
            ) from error
        EspeakWrapper.set_library(espeakng_loader.get_library_path())
        EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
        # The word counts of text and phonemes differ by design ("on the" is one word to espeak-ng).
        quiet = logging.getLogger(f"{__name__}.espeak")
        quiet.setLevel(logging.ERROR)
        self._backends: dict[bool, Any] = {
            british: EspeakBackend(
                "en-gb" if british else "en-us",
                preserve_punctuation=True,
                with_stress=True,
                tie="^",
                logger=quiet,
            )
            for british in (False, True)
        }

    def ipa(self, text: str, *, british: bool) -> str:
        """Return espeak-ng's IPA of `text` with ties as `^`, punctuation kept."""
        return str(self._backends[british].phonemize([text])[0]).strip()
