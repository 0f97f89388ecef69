"""From text to the phoneme ids that the models read, in any language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd, Phones, SpokenWord

__all__ = ["Phonemes", "SpokenSpan", "to_phonemes"]

_MIN_PHONES = 4
_LEAD_IN = ","


@dataclass(frozen=True, kw_only=True)
class SpokenSpan:
    """Neighbouring words of one language; their phonemes are `phones[first_phone:][:phone_count]`.

    `text` is in the script whose characters have features (Chinese: simplified), without spaces.
    `phones_per_character` says how many phonemes each character of `text` has, where features of
    characters stand beside phonemes (Chinese, Cantonese); they add up to `phone_count`.
    """

    language: str
    text: str
    first_phone: int
    phone_count: int
    phones_per_character: tuple[int, ...] | None


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
    spans: tuple[SpokenSpan, ...]
    """In order; a lead-in belongs to none."""

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
    lead = int(lead_in and len(phones) < _MIN_PHONES)
    if lead:
        phones.insert(0, _LEAD_IN)
    return Phonemes(
        text=spoken.text,
        phones=tuple(phones),
        ids=front_end.symbols.ids_of(phones),
        words=tuple(word for word in spoken.words if any(map(str.isalnum, word.word))),
        spans=_spans(spoken.words, front_end.language, first_phone=lead),
    )


def _spans(
    words: tuple[SpokenWord, ...], language: str, *, first_phone: int
) -> tuple[SpokenSpan, ...]:
    spans: list[SpokenSpan] = []
    for name, run in groupby(words, key=lambda word: word.language or language):
        said = list(run)
        counts = [word.phones_per_character for word in said]
        known = [count for count in counts if count is not None]
        size = sum(len(word.phones) for word in said)
        spans.append(
            SpokenSpan(
                language=name,
                text="".join(word.characters or word.word for word in said),
                first_phone=first_phone,
                phone_count=size,
                phones_per_character=tuple(n for count in known for n in count)
                if len(known) == len(counts)
                else None,
            )
        )
        first_phone += size
    return tuple(spans)


def _shortened(text: str) -> str:
    limit = 60
    return repr(text if len(text) <= limit else text[:limit] + "…")
