"""From text to phones: what a voice reads of a text, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.lexicon import Lexicon, load_lexicon
from voxgate.text.normalise import normalise
from voxgate.text.phonemes import to_phonemes
from voxgate.text.sentences import CutName, divide
from voxgate.text.symbols import SymbolTable, symbol_table
from voxgate.voice.card import LEXICON_NAME, VoiceCard

__all__ = ["PhoneIds", "TextReader", "packaged_reader"]

PhoneIds = tuple[int, ...]
"""L ids of the voice's phone table."""


@dataclass(frozen=True, kw_only=True)
class TextReader:
    """Reads texts in the language and with the pronunciations of one voice."""

    language: str
    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    def sentences(self, text: str, *, cut: CutName) -> list[PhoneIds]:
        """Return the phones of each piece of the text that is spoken at once.

        Raises:
            TextError: the text has nothing speakable.
        """
        # The whole text is normalised first: "Dr." must not end a sentence.
        return [self._phones(piece) for piece in divide(normalise(text), cut) or [text]]

    def phones(self, text: str) -> PhoneIds:
        """Return the phones of a text as a whole.

        Raises:
            TextError: the text has nothing speakable.
        """
        return self._phones(normalise(text))

    def _phones(self, normalised: str) -> PhoneIds:
        return to_phonemes(
            normalised, lexicon=self.lexicon, symbols=self.symbols, language=self.language
        ).ids


def packaged_reader(folder: Path, card: VoiceCard) -> TextReader:
    """Return what reads for a voice package whose files were verified before."""
    symbols = symbol_table(card.symbols)
    own = folder / LEXICON_NAME if LEXICON_NAME in card.files else None
    return TextReader(
        language=card.language, symbols=symbols, lexicon=load_lexicon(own, symbols=symbols)
    )
