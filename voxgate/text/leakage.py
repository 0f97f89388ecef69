"""Find texts of the corpus that the benchmark also asks for.

A model that was trained on a benchmark sentence is judged on its memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.errors import TextError
from voxgate.text.english.normalisation import normalise

__all__ = ["Leak", "find_leaks", "overlap"]

_GRAM = 4
"""Words that must follow each other to count as shared: shorter runs are idioms."""


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Text number `text_index` shares `overlap` of prompt number `prompt_index`."""

    text_index: int
    prompt_index: int
    overlap: float


def overlap(text: str, prompts: Sequence[str]) -> float:
    """Return the largest share, 0 to 1, of a prompt's 4-word runs that `text` contains.

    1 means that a whole prompt is in the text; equal texts give 1 whatever their length, case,
    punctuation or way of writing numbers.
    """
    leaks = find_leaks([text], prompts, minimum=0.0)
    return max((leak.overlap for leak in leaks), default=0.0)


def find_leaks(texts: Sequence[str], prompts: Sequence[str], *, minimum: float = 0.5) -> list[Leak]:
    """Return the pairs that overlap by more than 0 and at least `minimum`, in the texts' order.

    A text that cannot be normalised (another script) has no English words to share.
    """
    asked = [_words(prompt) for prompt in prompts]
    wanted = [(words, _runs(words)) for words in asked]
    leaks: list[Leak] = []
    for text_index, text in enumerate(texts):
        words = _words(text)
        runs = _runs(words)
        for prompt_index, (prompt_words, prompt_runs) in enumerate(wanted):
            share = _share(words, runs, prompt_words, prompt_runs)
            if share > 0 and share >= minimum:
                leaks.append(Leak(text_index=text_index, prompt_index=prompt_index, overlap=share))
    return leaks


def _words(text: str) -> tuple[str, ...]:
    try:
        spoken = normalise(text)
    except TextError:
        return ()
    return tuple(re.findall(r"[a-z']+", spoken.lower().replace("-", " ")))


def _runs(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(words[at : at + _GRAM] for at in range(len(words) - _GRAM + 1))


def _share(
    words: tuple[str, ...],
    runs: frozenset[tuple[str, ...]],
    prompt_words: tuple[str, ...],
    prompt_runs: frozenset[tuple[str, ...]],
) -> float:
    if words and words == prompt_words:
        return 1.0
    return len(runs & prompt_runs) / len(prompt_runs) if prompt_runs else 0.0
