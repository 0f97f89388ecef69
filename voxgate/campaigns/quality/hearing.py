"""What was heard against what was meant: the frame by its words, each slot apart from it.

Sounds are compared, not spellings: "Micheal" heard as "Michael" is right, "Wendy" as "one day" is
two edits of five. A slot with a date or an amount must be heard as it is, in its sounds or in its
words (a recogniser writes digits).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from voxgate.campaigns.quality.alignment import Step, align, bare_phones, phone_cost
from voxgate.campaigns.quality.expected import EXACT_SLOTS, TOLERANT_SLOTS, ExpectedSentence
from voxgate.text.front_end import SpokenWord

__all__ = ["Heard", "compare_heard"]

_SHORT_SLOT = 4
"""A slot of fewer phones counts as one of 4, or one edit would be half a name."""

_LONGEST_REPEAT = 6


@dataclass(frozen=True, kw_only=True)
class Heard:
    """How far the words that were heard are from those that were meant.

    Attributes:
        missing_words: frame words of which no sound was heard.
        added_words: heard words of which no sound was meant, outside tolerant slots.
        frame_word: phone edits in the worst frame word.
        frame_edits: phone edits in the whole frame.
        frame_distance: the same, over the phones of the frame; 0 without a frame.
        slot_distance: phone edits over phones of the worst tolerant slot; 0 without one.
        wrong_values: slots with a date, an amount or digits that were not heard as they are.
        longest_run: phones in a row that differ.
        repeats: runs of words that follow themselves, beyond those that were meant to.
        wer: word errors over words, both in one spelling.
    """

    missing_words: int
    added_words: int
    frame_word: int
    frame_edits: int
    frame_distance: float
    slot_distance: float
    wrong_values: int
    longest_run: int
    repeats: int
    wer: float


def compare_heard(
    expected: ExpectedSentence,
    heard: Sequence[SpokenWord],
    heard_text: str,
    *,
    spell: Callable[[str], str],
) -> Heard:
    """Compare a sentence with what was heard.

    Args:
        expected: what was meant.
        heard: the words that were heard, as the front end reads them, without marks.
        heard_text: the same as the recogniser wrote it.
        spell: brings any text to the one spelling in which words are compared.
    """
    words = _Words.of(expected, heard_text, spell)
    runs = expected.runs
    right = [
        number
        for number, (_, _, slot) in enumerate(runs)
        if slot in EXACT_SLOTS and words.is_right(number)
    ]
    sounds = _Sounds.of(
        expected, heard, right={at for number in right for at in range(*runs[number][:2])}
    )
    frame = [at for at, word in enumerate(expected.words) if word.slot is None]
    edits = [sounds.word_edits(at) for at in range(len(expected.words))]
    frame_edits = sum(edits[at] for at in frame) + sounds.stray_edits
    frame_phones = sum(len(sounds.phones[at]) for at in frame)
    return Heard(
        missing_words=sum(1 for at in frame if sounds.is_missing(at)),
        added_words=sounds.added_words,
        frame_word=max((edits[at] for at in frame), default=0),
        frame_edits=frame_edits,
        frame_distance=frame_edits / frame_phones if frame_phones else 0.0,
        slot_distance=max(
            (
                sounds.run_edits(first, end) / max(_SHORT_SLOT, sounds.run_phones(first, end))
                for first, end, slot in runs
                if slot in TOLERANT_SLOTS
            ),
            default=0.0,
        ),
        wrong_values=sum(
            1
            for number, (first, end, slot) in enumerate(runs)
            if slot in EXACT_SLOTS and number not in right and sounds.run_edits(first, end)
        ),
        longest_run=sounds.longest_run,
        repeats=max(0, _repeats(words.heard) - _repeats(words.expected)),
        wer=words.errors / max(1, len(words.expected)),
    )


@dataclass(frozen=True, kw_only=True)
class _Sounds:
    """The phones of both sides, aligned: `places[n]` is the word of the nth expected phone.

    `right` are words that were heard as they are in another writing, which may be read otherwise:
    a time that is written "315" is read as a number. Their sounds, and those beside them, differ
    in nothing.
    """

    phones: tuple[tuple[str, ...], ...]
    slots: tuple[str | None, ...]
    places: tuple[int, ...]
    heard_places: tuple[int, ...]
    steps: tuple[Step, ...]
    right: frozenset[int]

    @staticmethod
    def of(
        expected: ExpectedSentence, heard: Sequence[SpokenWord], *, right: Collection[int]
    ) -> _Sounds:
        meant = tuple(bare_phones(word.phones) for word in expected.words)
        spoken = tuple(bare_phones(word.phones) for word in heard)
        steps = align(
            [phone for word in meant for phone in word],
            [phone for word in spoken for phone in word],
            phone_cost,
            starts=(_starts(meant), _starts(spoken)),
        )
        return _Sounds(
            phones=meant,
            slots=tuple(word.slot for word in expected.words),
            places=tuple(at for at, word in enumerate(meant) for _ in word),
            heard_places=tuple(at for at, word in enumerate(spoken) for _ in word),
            steps=tuple(steps),
            right=frozenset(right),
        )

    @cached_property
    def _around(self) -> list[tuple[Step, int | None, int | None]]:
        """Return each step with the expected words before and after it (its own, if it has one)."""
        before: int | None = None
        rows: list[tuple[Step, int | None, int | None]] = []
        for step in self.steps:
            own = None if step.expected is None else self.places[step.expected]
            before = before if own is None else own
            rows.append((step, before, own))
        after: int | None = None
        out: list[tuple[Step, int | None, int | None]] = []
        for step, left, own in reversed(rows):
            after = after if own is None else own
            out.append((step, left, after))
        return out[::-1]

    def word_edits(self, word: int) -> int:
        """Count the edits in a word; what was added between two words is in neither."""
        return sum(
            1 for step, left, right in self._around if not step.equal and left == right == word
        )

    def run_edits(self, first: int, end: int) -> int:
        """Count the edits in words [first, end), with what was added at either end of them."""
        return sum(
            1
            for step, left, right in self._around
            if not step.equal
            and any(side is not None and first <= side < end for side in (left, right))
            and (step.expected is None or first <= self.places[step.expected] < end)
        )

    def run_phones(self, first: int, end: int) -> int:
        return sum(len(word) for word in self.phones[first:end])

    def is_missing(self, word: int) -> bool:
        own = [
            step
            for step in self.steps
            if step.expected is not None and self.places[step.expected] == word
        ]
        return bool(own) and all(step.heard is None for step in own)

    @property
    def stray_edits(self) -> int:
        """What was added between two frame words."""
        return sum(
            1
            for _, left, right in self._around
            if left != right and self._in_frame(left) and self._in_frame(right)
        )

    def _in_frame(self, word: int | None) -> bool:
        return word is None or self.slots[word] is None

    @property
    def added_words(self) -> int:
        """Heard words that are added as a whole, but for those beside or in a tolerant slot."""
        kept = {
            self.heard_places[step.heard]
            for step, left, right in self._around
            if step.heard is not None
            and (step.expected is not None or self._is_excused(left) or self._is_excused(right))
        }
        return len(set(self.heard_places) - kept)

    def _is_excused(self, word: int | None) -> bool:
        return word is not None and (word in self.right or self.slots[word] in TOLERANT_SLOTS)

    @property
    def longest_run(self) -> int:
        longest = run = 0
        for step, left, right in self._around:
            run = 0 if step.equal or left in self.right or right in self.right else run + 1
            longest = max(longest, run)
        return longest


@dataclass(frozen=True, kw_only=True)
class _Words:
    """The words of both sides in one spelling; `owners[n]` is the run of the nth expected word."""

    expected: tuple[str, ...]
    owners: tuple[int, ...]
    heard: tuple[str, ...]
    steps: tuple[Step, ...]

    @staticmethod
    def of(expected: ExpectedSentence, heard_text: str, spell: Callable[[str], str]) -> _Words:
        words: list[str] = []
        owners: list[int] = []
        for number, (first, end, _) in enumerate(expected.runs):
            run = spell(" ".join(word.word for word in expected.words[first:end])).split()
            words += run
            owners += [number] * len(run)
        heard = spell(heard_text).split()
        return _Words(
            expected=tuple(words),
            owners=tuple(owners),
            heard=tuple(heard),
            steps=tuple(align(words, heard)),
        )

    @property
    def errors(self) -> int:
        return sum(1 for step in self.steps if not step.equal)

    def is_right(self, run: int) -> bool:
        """Whether every word of a run was heard, and nothing in it or right beside it."""
        before: int | None = None
        open_gap = False  # something was added since the last expected word
        for step in self.steps:
            if step.expected is None:
                if before == run:
                    return False
                open_gap = True
                continue
            own = self.owners[step.expected]
            if own == run and (open_gap or not step.equal):
                return False
            before, open_gap = own, False
        return run in self.owners


def _starts(words: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the places at which words begin in the row of all their phones."""
    return frozenset(accumulate((len(word) for word in words), initial=0))


def _repeats(words: Sequence[str]) -> int:
    return sum(
        1
        for length in range(1, _LONGEST_REPEAT + 1)
        for at in range(len(words) - 2 * length + 1)
        if tuple(words[at : at + length]) == tuple(words[at + length : at + 2 * length])
    )
