"""What a sentence should say: its words, their phones, and which of them fill a slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from voxgate.campaigns.quality.alignment import align
from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd, SpokenWord
from voxgate.text.phonemes import to_phonemes

__all__ = [
    "EXACT_SLOTS",
    "TOLERANT_SLOTS",
    "ExpectedSentence",
    "ExpectedWord",
    "Segment",
    "SentenceKind",
    "expect_sentence",
]

TOLERANT_SLOTS = frozenset({"name", "text"})
"""Slots that may be heard a little otherwise: no recogniser spells names as their owners do."""

EXACT_SLOTS = frozenset({"date", "time", "number", "money", "phone"})
"""Slots in which another word is another appointment, or another amount."""


class SentenceKind(StrEnum):
    """What is hardest in a sentence; a voice is refused more often for names than for the rest."""

    FRAME = "frame"
    NAME = "name"
    VALUE = "value"


@dataclass(frozen=True, kw_only=True)
class ExpectedWord:
    """One word as the front end speaks it; `slot` is None in the frame."""

    word: str
    phones: tuple[str, ...]
    slot: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExpectedSentence:
    """What one sentence should say: its normalised text, and its words without the marks."""

    text: str
    words: tuple[ExpectedWord, ...]

    @property
    def kind(self) -> SentenceKind:
        """A sentence with a name is of that kind, whatever else fills it."""
        slots = {word.slot for word in self.words}
        if slots & TOLERANT_SLOTS:
            return SentenceKind.NAME
        return SentenceKind.VALUE if slots & EXACT_SLOTS else SentenceKind.FRAME

    @property
    def runs(self) -> tuple[tuple[int, int, str | None], ...]:
        """Neighbouring words of one slot, or of the frame, as (first, end, slot)."""
        runs = []
        for slot, group in groupby(range(len(self.words)), key=lambda at: self.words[at].slot):
            places = list(group)
            runs.append((places[0], places[-1] + 1, slot))
        return tuple(runs)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A piece of a filled template as it is written; `slot` is None in the frame."""

    text: str
    slot: str | None = None


def expect_sentence(segments: Sequence[Segment], front_end: FrontEnd) -> ExpectedSentence:
    """Read one filled sentence, and mark the words that its slots became.

    The sentence is read as a whole, since a number is read by its neighbours. The letters of its
    words are then held against those of the pieces read apart, which says where each word is from.

    Raises:
        TextError: the sentence has nothing speakable, or a slot is of no known kind.
    """
    for segment in segments:
        if segment.slot is not None and segment.slot not in TOLERANT_SLOTS | EXACT_SLOTS:
            known = ", ".join(sorted(TOLERANT_SLOTS | EXACT_SLOTS))
            raise TextError(f"no slot of kind {segment.slot!r}; there are {known}")
    whole = to_phonemes("".join(segment.text for segment in segments), front_end)
    letters, labels = _apart(segments, front_end)
    owners = _owners([word.word.lower() for word in whole.words], letters, labels)
    return ExpectedSentence(
        text=whole.text,
        words=tuple(_expected(word, slot) for word, slot in zip(whole.words, owners, strict=True)),
    )


def _expected(word: SpokenWord, slot: str | None) -> ExpectedWord:
    return ExpectedWord(word=word.word, phones=word.phones, slot=slot)


def _apart(segments: Sequence[Segment], front_end: FrontEnd) -> tuple[list[str], list[str | None]]:
    letters: list[str] = []
    labels: list[str | None] = []
    for segment in segments:
        text = front_end.normalise(segment.text) if segment.text.strip() else ""
        spelled = [letter for letter in text.lower() if letter.isalnum()]
        letters += spelled
        labels += [segment.slot] * len(spelled)
    return letters, labels


def _owners(
    words: Sequence[str], letters: Sequence[str], labels: Sequence[str | None]
) -> list[str | None]:
    """Give each word the label that most of its letters have; one without any, its neighbour's."""
    spelled = [(at, letter) for at, word in enumerate(words) for letter in word if letter.isalnum()]
    votes: list[Counter[str | None]] = [Counter() for _ in words]
    for step in align([letter for _, letter in spelled], letters):
        if step.expected is not None and step.heard is not None:
            votes[spelled[step.expected][0]][labels[step.heard]] += 1
    owners: list[str | None] = []
    for vote in votes:
        before = owners[-1] if owners else None
        owners.append(vote.most_common(1)[0][0] if vote else before)
    return owners
