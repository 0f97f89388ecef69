"""The noise between two runs of one voice, by how far the samples of each prompt lie apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.gate.numbers import is_number
from voxgate.gate.sound_limits import CRITICAL, as_compared

__all__ = ["expected_errors"]

_Figure = tuple[Callable[[ItemScore], Any], Callable[[ItemScore], Any]]
"""What is summed over samples, and what the sum is divided by."""


def _sound(name: str) -> _Figure:
    def value(row: ItemScore) -> Any:
        found = row.sound.get(name)
        return as_compared(name, found) if is_number(found) else found

    return (value, lambda _: 1)


_FIGURES: Mapping[str, _Figure] = {
    "wer": (lambda row: row.word_errors, lambda row: row.ref_words),
    "similarity": (lambda row: row.similarity, lambda _: 1),
    CRITICAL: (lambda row: row.critical_errors, lambda row: row.critical_words),
    **{name: _sound(name) for name in MEASURES},
}


def expected_errors(rows: Sequence[ItemScore], *, seeds: int) -> dict[str, float]:
    """Return the standard errors of A/A differences by the variance between a prompt's samples.

    Two sets of k samples of one prompt have means that differ with variance 2 s² / k, also where
    both are drawn from the same few without replacement (s² as of the finite population). Sums are
    exact, so that the figure is the same on every machine. A sample without a number counts for
    nothing; there is no figure where no prompt has two numbers.
    """
    ordered = sorted((row for row in rows if row.fault is None), key=lambda row: row.item)
    groups = [list(group) for _, group in groupby(ordered, key=lambda row: row.prompt_id)]
    found = {}
    for name, figure in _FIGURES.items():
        error = _error(groups, figure, seeds)
        if error is not None:
            found[name] = error
    return found


def _error(groups: Sequence[Sequence[ItemScore]], figure: _Figure, seeds: int) -> float | None:
    value, weight = figure
    variances, weights = [], []
    for group in groups:
        pairs = [(value(row), weight(row)) for row in group]
        known = [(float(v), float(w)) for v, w in pairs if is_number(v) and is_number(w)]
        weights.append(math.fsum(w for _, w in known) / len(group))
        if len(known) > 1:
            variances.append(_variance([v for v, _ in known]))
    total = math.fsum(weights)
    if not variances:
        return None
    if total <= 0:  # prompts without a word that must not change have none to lose
        return 0.0
    return math.sqrt(2 * math.fsum(variances) / seeds) / total


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
