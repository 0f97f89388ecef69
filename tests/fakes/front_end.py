"""A language that is not English: each syllable is a word, and texts are compared by syllables."""

from __future__ import annotations

from dataclasses import dataclass, field

from voxgate.errors import TextError
from voxgate.text.front_end import SpokenText, SpokenWord
from voxgate.text.symbols import PUNCTUATION, SymbolTable, symbol_table

READINGS = {"ni": ("n", "i3"), "hao": ("h", "ao3"), "ma": ("m", "a5"), "odd": ("not-a-phoneme",)}
UNSURE = "ma"


@dataclass(frozen=True)
class SyllableFrontEnd:
    """Knows the syllables of `READINGS` and guesses at one of them; drops what is no letter."""

    symbols: SymbolTable = field(default_factory=lambda: symbol_table("v2"))
    dictionary_digest: str = "5" * 64
    shared_run: int = 2
    language: str = "syllables"

    def normalise(self, text: str) -> str:
        for mark in PUNCTUATION:
            text = text.replace(mark, f" {mark} ")
        tokens = [one for one in text.lower().split() if one in PUNCTUATION or one.isalpha()]
        syllables = [one for one in tokens if one not in PUNCTUATION]
        if unknown := [one for one in syllables if one not in READINGS]:
            raise TextError(f"no syllable: {unknown[0]!r}")
        return " ".join(tokens) if syllables else ""

    def read(self, text: str) -> SpokenText:
        spoken = self.normalise(text)
        return SpokenText(text=spoken, words=tuple(_word(token) for token in spoken.split()))

    def units(self, text: str) -> tuple[str, ...]:
        return tuple(token for token in self.normalise(text).split() if token.isalpha())


def _word(token: str) -> SpokenWord:
    if token in PUNCTUATION:
        return SpokenWord(word=token, phones=(token,), source="mark")
    return SpokenWord(word=token, phones=READINGS[token], source="single", guessed=token == UNSURE)
