"""From text to the phoneme ids that the models read, in any language."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd, Phones, SpokenWord
from voxgate.text.symbols import PUNCTUATION

__all__ = ["Phonemes", "to_phonemes"]

_MIN_PHONES = 4
_LEAD_IN = ","


@dataclass(frozen=True, kw_only=True)
class Phonemes:
    """A text as the models read it.

    `phones` holds the words' phonemes and the punctuation, in order, without word borders;
    `ids[i]` is the id of `phones[i]` in the front end's table.
    """

    text: str
    """The normalised text."""

    phones: Phones
    ids: tuple[int, ...]
    words: tuple[SpokenWord, ...]

    @property
    def guessed_words(self) -> tuple[str, ...]:
        """Words whose pronunciation is only guessed; candidates for a user lexicon."""
        return tuple(word.word for word in self.words if word.guessed)


def to_phonemes(text: str, front_end: FrontEnd, *, lead_in: bool = True) -> Phonemes:
    """Let the front end read `text`, and number its phonemes.

    `lead_in` puts a comma before texts of fewer than 4 phonemes, as upstream does: its models
    stumble over very short inputs.

    Raises:
        TextError: the text has nothing to speak, or something that cannot be read.
    """
    spoken = front_end.read(text)
    if not spoken.text:
        raise TextError(f"nothing to speak in {_shortened(text)}; need at least one word or number")
    phones = [phone for word in spoken.words for phone in word.phones]
    if lead_in and len(phones) < _MIN_PHONES:
        phones.insert(0, _LEAD_IN)
    return Phonemes(
        text=spoken.text,
        phones=tuple(phones),
        ids=front_end.symbols.ids_of(phones),
        words=tuple(word for word in spoken.words if word.word not in PUNCTUATION),
    )


def _shortened(text: str) -> str:
    limit = 60
    return repr(text if len(text) <= limit else text[:limit] + "…")
