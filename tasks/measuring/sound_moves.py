"""How far the sound of a bad voice lies from that of the sound one, measure by measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voxgate.evaluation.evidence import ItemScore
from voxgate.evaluation.sound.catalogue import MEASURES

__all__ = ["SoundMove", "find_moves", "mean_sound"]


@dataclass(frozen=True, kw_only=True)
class SoundMove:
    """The mean of one measure before and after.

    `spreads` is the distance in standard deviations of the sound voice's samples; infinite, where
    these are all alike.
    """

    measure: str
    before: float
    after: float
    spreads: float


def mean_sound(rows: Sequence[ItemScore]) -> dict[str, float]:
    """Return the mean of each measure over the samples that have it, in the catalogue's order."""
    return {name: round(float(np.mean(found)), 6) for name, found in _values(rows).items()}


def find_moves(sound: Sequence[ItemScore], bad: Sequence[ItemScore]) -> tuple[SoundMove, ...]:
    """Return the measures whose means differ, the farthest first; only those that both have."""
    before, after = _values(sound), mean_sound(bad)
    means = mean_sound(sound)
    moves = [
        SoundMove(
            measure=name,
            before=means[name],
            after=after[name],
            spreads=_spreads(after[name] - means[name], float(np.std(before[name]))),
        )
        for name in means
        if name in after and after[name] != means[name]
    ]
    return tuple(sorted(moves, key=lambda move: -move.spreads))


def _spreads(distance: float, deviation: float) -> float:
    return abs(distance) / deviation if deviation else math.inf


def _values(rows: Sequence[ItemScore]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    for row in rows:
        for name, values in found.items():
            value = row.sound.get(name)
            if value is not None:
                values.append(value)
    return {name: values for name, values in found.items() if values}
