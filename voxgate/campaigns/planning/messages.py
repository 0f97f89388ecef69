"""What a filled template says: pieces in their order, as the voice that will speak it reads them.

Each sentence is read by itself, so that what it says does not depend on its neighbours: equal
sentences at equal places are one, for all recipients. Of each word it is kept whether it comes from
a slot, as a name may be heard a little otherwise, and an amount may not.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from voxgate.campaigns.quality.expected import Segment, expect_sentence
from voxgate.campaigns.templates.cutting import read_sentence
from voxgate.campaigns.templates.template import FilledSentence, FilledSlot
from voxgate.text.front_end import FrontEnd, SpokenWord
from voxgate.text.phonemes import to_phonemes
from voxgate.text.sentences import CutName, divide

__all__ = ["MessageReader", "Piece"]

_KEPT = 50_000


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What is spoken at once. `slots` has an entry a word: the kind of its slot, None of the frame.

    `readings` are those of the campaign's own pronunciations that occur in it.
    """

    text: str
    slots: tuple[str | None, ...]
    readings: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"text": self.text, "slots": list(self.slots), "readings": dict(self.readings)}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Piece:
        """Read what `as_json` gave.

        Raises:
            KeyError, TypeError: it is no piece.
        """
        return Piece(
            text=str(document["text"]),
            slots=tuple(document["slots"]),
            readings=dict(document["readings"]),
        )


class MessageReader:
    """Reads filled sentences; those that were read last are remembered. For one thread.

    `front_end` reads with the campaign's own pronunciations, `lexicon` names them.
    """

    def __init__(self, front_end: FrontEnd, *, cut: CutName, lexicon: Mapping[str, str]) -> None:
        self._front_end = front_end
        self._cut = cut
        self._lexicon = {word.casefold(): phones for word, phones in lexicon.items()}
        self._read: OrderedDict[FilledSentence, tuple[Piece, ...]] = OrderedDict()

    def pieces(self, sentences: Iterable[FilledSentence]) -> list[Piece]:
        """Return the pieces of a message; the place of each is its index.

        Raises:
            TextError: something in it cannot be read, or nothing of a sentence is said.
        """
        return [piece for sentence in sentences for piece in self._pieces(sentence)]

    def _pieces(self, sentence: FilledSentence) -> tuple[Piece, ...]:
        found = self._read.get(sentence)
        if found is None:
            found = self._read[sentence] = tuple(self._make(sentence))
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(sentence)
        return found

    def _make(self, sentence: FilledSentence) -> Iterator[Piece]:
        read_sentence(sentence, self._front_end)  # a value must not have cut it in two
        whole = expect_sentence([_segment(part) for part in sentence.parts], self._front_end)
        texts = divide(whole.text, self._cut)
        spoken = [[word.word for word in self._words(text)] for text in texts]
        kinds = [word.slot for word in whole.words]
        if sum(map(len, spoken)) != len(kinds):  # read otherwise by its parts: judge it strictly
            kinds = [_strictest(sentence)] * sum(map(len, spoken))
        rest = iter(kinds)
        for text, words in zip(texts, spoken, strict=True):
            own = tuple(islice(rest, len(words)))
            yield Piece(text=text, slots=own, readings=self._readings(words))

    def _words(self, text: str) -> Sequence[SpokenWord]:
        return to_phonemes(text, self._front_end).words

    def _readings(self, words: Iterable[str]) -> dict[str, str]:
        said = {word.casefold() for word in words}
        return {word: self._lexicon[word] for word in sorted(said & self._lexicon.keys())}


def _segment(part: str | FilledSlot) -> Segment:
    if isinstance(part, str):
        return Segment(text=part)
    return Segment(text=part.spoken, slot=part.kind.value)


_STRICTNESS = ("phone", "money", "number", "date", "time", "text", "name")


def _strictest(sentence: FilledSentence) -> str | None:
    kinds = {slot.kind.value for slot in sentence.slots}
    return next((kind for kind in _STRICTNESS if kind in kinds), None)
