"""Find texts of the corpus that the benchmark also asks for.

A model that was trained on a benchmark sentence is judged on its memory.
"""

from __future__ import annotations

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
    wanted = [_Comparable.of(prompt, front_end) for prompt in prompts]
    leaks: list[Leak] = []
    for text_index, text in enumerate(texts):
        own = _Comparable.of(text, front_end)
        for prompt_index, prompt in enumerate(wanted):
            share = own.share_of(prompt)
            if share > 0 and share >= minimum:
                leaks.append(Leak(text_index=text_index, prompt_index=prompt_index, overlap=share))
    return leaks


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

    def share_of(self, prompt: _Comparable) -> float:
        if self.units and self.units == prompt.units:
            return 1.0
        return len(self.runs & prompt.runs) / len(prompt.runs) if prompt.runs else 0.0
