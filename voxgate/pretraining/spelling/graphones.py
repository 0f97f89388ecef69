"""Align letters with phonemes: each word of a dictionary becomes a row of graphones.

Expectation-maximisation over all ways to divide a word into graphones of 1 or 2 letters and 0, 1
or 2 phonemes, not 2 of both (Bisani & Ney 2008, section 3).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from voxgate.text.english.grapheme_to_phoneme import Graphone

__all__ = ["align", "graphone_probabilities"]

Word = tuple[str, tuple[str, ...]]
"""Letters and phonemes of a whole word."""

_SHAPES = {(1, 1): 1.0, (1, 0): 0.3, (1, 2): 0.05, (2, 1): 0.3}
"""Letters and phonemes of a graphone: how much each shape counts before anything is learnt."""

_UNSEEN = 1e-9
_MIN_COUNT = 0.5
_WORST_LETTER = -14.0
"""Words whose best alignment is less likely per letter are abbreviations or errors."""

_Step = tuple[tuple[int, int], tuple[int, int], Graphone]


def graphone_probabilities(words: Sequence[Word], *, rounds: int) -> dict[Graphone, float]:
    """Learn how likely each graphone is from `words`."""
    counts: dict[Graphone, float] = defaultdict(float)
    for word in words:
        for _, _, graphone in _steps(word):
            counts[graphone] += _SHAPES[len(graphone[0]), len(graphone[1])]
    probabilities = _normalised(counts)
    for _ in range(rounds):
        probabilities = _normalised(_expected_counts(words, probabilities))
    return probabilities


def align(word: Word, probabilities: Mapping[Graphone, float]) -> list[Graphone] | None:
    """Return the most likely graphones of `word`, or None where none is likely."""
    best: dict[tuple[int, int], tuple[float, _Step | None]] = {(0, 0): (0.0, None)}
    for step in _steps(word):
        start, end, graphone = step
        if start not in best:
            continue
        score = best[start][0] + math.log(probabilities.get(graphone, _UNSEEN))
        if end not in best or score > best[end][0]:
            best[end] = (score, step)
    goal = (len(word[0]), len(word[1]))
    if goal not in best or best[goal][0] < _WORST_LETTER * len(word[0]):
        return None
    path: list[Graphone] = []
    step_back = best[goal][1]
    while step_back is not None:
        path.append(step_back[2])
        step_back = best[step_back[0]][1]
    return path[::-1]


def _steps(word: Word) -> Iterator[_Step]:
    """Yield every graphone at every place, earlier places first."""
    letters, phones = word
    for i in range(len(letters)):
        for j in range(len(phones) + 1):
            for a, b in _SHAPES:
                if i + a <= len(letters) and j + b <= len(phones):
                    yield (i, j), (i + a, j + b), (letters[i : i + a], phones[j : j + b])


def _expected_counts(
    words: Iterable[Word], probabilities: Mapping[Graphone, float]
) -> dict[Graphone, float]:
    """One forward-backward pass; words are short enough for plain probabilities."""
    counts: dict[Graphone, float] = defaultdict(float)
    for word in words:
        steps = [(s, e, g, probabilities.get(g, _UNSEEN)) for s, e, g in _steps(word)]
        goal = (len(word[0]), len(word[1]))
        forward: dict[tuple[int, int], float] = defaultdict(float, {(0, 0): 1.0})
        for start, end, _, p in steps:
            forward[end] += forward[start] * p
        backward: dict[tuple[int, int], float] = defaultdict(float, {goal: 1.0})
        for start, end, _, p in reversed(steps):
            backward[start] += backward[end] * p
        if forward[goal] > 0:
            for start, end, graphone, p in steps:
                counts[graphone] += forward[start] * p * backward[end] / forward[goal]
    return counts


def _normalised(counts: Mapping[Graphone, float]) -> dict[Graphone, float]:
    kept = {graphone: count for graphone, count in counts.items() if count > _MIN_COUNT}
    total = sum(kept.values())
    return {graphone: count / total for graphone, count in kept.items()}
