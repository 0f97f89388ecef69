"""From text to phones: what a voice reads of a text, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import Phonemes, to_phonemes
from voxgate.text.sentences import CutName, divide
from voxgate.text.symbols import symbol_table
from voxgate.voice.card import VoiceCard, card_lexicons

__all__ = ["PhoneIds", "TextReader", "packaged_reader"]

PhoneIds = tuple[int, ...]
"""L ids of the voice's phone table."""


@dataclass(frozen=True)
class TextReader:
    """Reads texts in the language and with the pronunciations of one voice."""

    front_end: FrontEnd = field(repr=False)

    def read(self, text: str, *, cut: CutName) -> list[Phonemes]:
        """Read each piece of the text that is spoken at once.

        Raises:
            TextError: the text has nothing speakable.
        """
        # The whole text is normalised first: "Dr." must not end a sentence.
        pieces = divide(self.front_end.normalise(text), cut) or [text]
        return [to_phonemes(piece, self.front_end) for piece in pieces]

    def read_whole(self, text: str) -> Phonemes:
        """Read a text as a whole.

        Raises:
            TextError: the text has nothing speakable.
        """
        return to_phonemes(self.front_end.normalise(text), self.front_end)

    def sentences(self, text: str, *, cut: CutName) -> list[PhoneIds]:
        """Return the phones of what `read` returns."""
        return [piece.ids for piece in self.read(text, cut=cut)]

    def phones(self, text: str) -> PhoneIds:
        """Return the phones of what `read_whole` returns."""
        return self.read_whole(text).ids


def packaged_reader(folder: Path, card: VoiceCard) -> TextReader:
    """Return what reads for a voice package whose files were verified before.

    Raises:
        TextError: a language of the voice has no front end, or its lexicon is no text.
        ConfigError: a lexicon has broken lines.
    """
    primary, *others = card.spoken_languages
    front_end = open_front_end(
        primary,
        symbols=symbol_table(card.symbols),
        lexicons=card_lexicons(folder, card),
        languages=others,
    )
    return TextReader(front_end)
