"""Find texts of the corpus that the benchmark also asks for.

A model that was trained on a benchmark sentence is judged on its memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end

__all__ = ["Leak", "find_leaks", "overlap"]

_BY_WORDS = ("en",)
"""Languages whose units are words."""


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Text number `text_index` shares `overlap` of prompt number `prompt_index`."""

    text_index: int
    prompt_index: int
    overlap: float


def overlap(text: str, prompts: Sequence[str], *, language: str) -> float:
    """Return the largest share, 0 to 1, of a prompt's runs of words that `text` contains.

    1 means that a whole prompt is in the text; equal texts give 1 whatever their length, case,
    punctuation or way of writing numbers. What counts as a word, and how many make a run, is for
    the prompts' `language` to say.

    Raises:
        TextError: the language has no front end.
    """
    leaks = find_leaks([text], prompts, language=language, minimum=0.0)
    return max((leak.overlap for leak in leaks), default=0.0)


def find_leaks(
    texts: Sequence[str], prompts: Sequence[str], *, language: str, minimum: float = 0.5
) -> list[Leak]:
    """Return the pairs that overlap by more than 0 and at least `minimum`, in the texts' order.

    A text that the prompts' `language` cannot read (another script) is compared as it is written
    where characters are compared; where words are, it has nothing to share.

    Raises:
        TextError: the language has no front end.
    """
    front_end = open_front_end(language)
    index = _Index([_Comparable.of(prompt, front_end) for prompt in prompts])
    return [
        Leak(text_index=text_index, prompt_index=prompt_index, overlap=share)
        for text_index, text in enumerate(texts)
        for prompt_index, share in index.shares(_Comparable.of(text, front_end))
        if share >= minimum
    ]


def _characters(text: str) -> tuple[str, ...]:
    return tuple(character for character in text.casefold() if character.isalnum())


@dataclass(frozen=True)
class _Comparable:
    """The units of a text, and every run of them that counts."""

    units: tuple[str, ...]
    runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, text: str, front_end: FrontEnd) -> _Comparable:
        try:
            units = front_end.units(text)
        except TextError:
            units = () if front_end.language in _BY_WORDS else _characters(text)
        length = front_end.shared_run
        starts = range(len(units) - length + 1)
        return cls(units, frozenset(units[at : at + length] for at in starts))


class _Index:
    """Which prompts have a run, and which are made of certain units.

    A text costs its own length, however many prompts there are.
    """

    def __init__(self, prompts: Sequence[_Comparable]) -> None:
        self._runs = [len(prompt.runs) for prompt in prompts]
        self._having: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, prompt in enumerate(prompts):
            self._equal[prompt.units].append(number)
            for run in prompt.runs:
                self._having[run].append(number)

    def shares(self, text: _Comparable) -> list[tuple[int, float]]:
        """Return the prompts that the text shares something of, in their order, and how much."""
        shared = Counter(number for run in text.runs for number in self._having.get(run, ()))
        found = {number: count / self._runs[number] for number, count in shared.items()}
        if text.units:
            found |= dict.fromkeys(self._equal.get(text.units, ()), 1.0)
        return sorted(found.items())
