"""Choose the limits: refuse what is bad, and of what is good as little as can be.

The limits together are chosen by one cost,

    4 · (share of good sentences refused) + Σ over bad kinds max(0, 0.95 - share refused)

which says in numbers what is wanted: every kind refused in 95 of 100 clips, and for no kind,
however hard to hear, more than about a quarter of the good. Limits begin right above what the good
sentences have, where each refuses what it can for nothing; then the one change that lowers the cost
most is made until none does. What is left free at the end gets half of its freedom, but only so
much room above the worst good sentence as three times what that one is above the upper quarter of
them: a limit must not give up what it refuses because another one, by chance, refuses it too. A
count is left as tight as it may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.campaigns.quality.figures import MEASURES, Measure, SentenceFigures
from voxgate.campaigns.quality.rules import QualityRules

__all__ = ["OWN_WEIGHT", "TARGET", "choose_limits"]

TARGET = 0.95
OWN_WEIGHT = 4.0
_SAME_COST = 1e-9
_UPPER_QUARTER = 75.0
_ROOM = 3.0

_Flags = NDArray[np.bool_]
_Values = NDArray[np.float64]


def choose_limits(
    good: Sequence[SentenceFigures], bad: Mapping[str, Sequence[SentenceFigures]]
) -> QualityRules:
    """Return the limits that these samples ask for.

    Raises:
        ValueError: there is no good sample, or a bad kind without any.
    """
    if not good or not all(bad.values()):
        empty = [kind for kind, samples in bad.items() if not samples]
        raise ValueError(f"{len(good)} good samples, and none of {empty}: nothing to choose by")
    task = _Task.of([good, *bad.values()])
    places = [task.start(at, len(good)) for at in range(len(MEASURES))]
    while (change := _best_change(task, places)) is not None:
        measure, place = change
        places[measure] = place
    chosen = [float(task.candidates[at][place]) for at, place in enumerate(places)]
    for at in range(len(MEASURES)):
        others = task.refused(chosen, without=at)
        chosen[at] = _middle(task, at, others, place=places[at], room=task.room(at, len(good)))
    return QualityRules(
        limits={
            measure.fault: _signed(measure, limit)
            for measure, limit in zip(MEASURES, chosen, strict=True)
        }
    )


@dataclass(frozen=True)
class _Task:
    """N samples: (N,) `certain`, M rows of (N,) `values`, and `shares` (N, 1 + kinds).

    A value is turned so that more is worse, and is -inf where there is none. A row of flags times
    `shares` is the refused share of the good, then of each kind.
    """

    certain: _Flags
    values: tuple[_Values, ...]
    candidates: tuple[_Values, ...]
    shares: _Values

    @staticmethod
    def of(groups: Sequence[Sequence[SentenceFigures]]) -> _Task:
        samples = [sample for group in groups for sample in group]
        values = tuple(_column(measure, samples) for measure in MEASURES)
        shares = np.zeros((len(samples), len(groups)))
        first = 0
        for number, group in enumerate(groups):
            shares[first : first + len(group), number] = 1 / len(group)
            first += len(group)
        return _Task(
            certain=np.array([bool(sample.certain) for sample in samples]),
            values=values,
            candidates=tuple(_candidates(column) for column in values),
            shares=shares,
        )

    def start(self, measure: int, good: int) -> int:
        """Return the tightest candidate of a measure that refuses none of the good."""
        worst = self.values[measure][:good].max()
        return int(np.searchsorted(self.candidates[measure], worst))

    def room(self, measure: int, good: int) -> float:
        """Return the bound of a limit that nothing else bounds."""
        own = self.values[measure][:good]
        own = own[np.isfinite(own)]
        if not len(own):
            return float(self.candidates[measure][-1])
        return float(own.max() + _ROOM * (own.max() - np.percentile(own, _UPPER_QUARTER)))

    def refused(self, limits: Sequence[float], *, without: int) -> _Flags:
        """Return (N,) who is refused by all limits but one."""
        flags = self.certain.copy()
        for at, limit in enumerate(limits):
            if at != without:
                flags |= self.values[at] > limit
        return flags

    def costs(self, measure: int, others: _Flags) -> _Values:
        """Return the cost of each candidate of a measure, all other limits given."""
        limits = self.candidates[measure][:, None]
        refused = (others[None, :] | (self.values[measure][None, :] > limits)) @ self.shares
        shortfalls = np.maximum(0.0, TARGET - refused[:, 1:]).sum(axis=1)
        costs: _Values = OWN_WEIGHT * refused[:, 0] + shortfalls
        return costs


def _best_change(task: _Task, places: Sequence[int]) -> tuple[int, int] | None:
    limits = [float(task.candidates[at][place]) for at, place in enumerate(places)]
    best: tuple[float, int, int] | None = None
    for measure, place in enumerate(places):
        costs = task.costs(measure, task.refused(limits, without=measure))
        # Of equal ones the widest: it is the last.
        lowest = len(costs) - 1 - int(np.argmin(costs[::-1]))
        gain = float(costs[place] - costs[lowest])
        if gain > _SAME_COST and (best is None or gain > best[0] + _SAME_COST):
            best = (gain, measure, lowest)
    return None if best is None else best[1:]


def _middle(task: _Task, measure: int, others: _Flags, *, place: int, room: float) -> float:
    """Return a limit that costs the same as a candidate: halfway to the widest.

    `room` bounds the widest.
    """
    costs = task.costs(measure, others)
    same = np.abs(costs - costs[place]) <= _SAME_COST
    first = last = place
    while first > 0 and same[first - 1]:
        first -= 1
    while last + 1 < len(costs) and same[last + 1]:
        last += 1
    candidates = task.candidates[measure]
    if MEASURES[measure].count:
        return float(candidates[first])
    widest = min(candidates[last], max(room, candidates[place]))
    return float((candidates[first] + widest) / 2)


def _column(measure: Measure, samples: Sequence[SentenceFigures]) -> _Values:
    return np.array(
        [
            -np.inf if value is None else _signed(measure, value)
            for value in (sample.values.get(measure.figure) for sample in samples)
        ]
    )


def _candidates(column: _Values) -> _Values:
    """Return what lies between neighbouring values, and as far again above them all."""
    values = np.unique(column[np.isfinite(column)])
    if not len(values):
        return np.array([0.0])
    beyond = values[-1] + max(values[-1] - values[0], 1e-3)
    return np.append((values[:-1] + values[1:]) / 2, beyond)


def _signed(measure: Measure, value: float) -> float:
    return value if measure.above else -value
