"""Where somebody speaks without a pause, to 10 ms: what a detector found, refined by levels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.cutting.sound.levels import Levels
from voxgate.corpus.cutting.spans import GRID, Span

__all__ = ["find_islands", "inner_pauses"]

_REACH_FRAMES = 25
"""How far beyond what the detector calls speech a consonant may begin or end."""

_HOLD_FRAMES = 6
"""A sound after a longer silence than this does not belong to the word before: a stop is shut for
less."""

_CLICK_FRAMES = 2
"""What is loud for less between two silences is a click and parts no pause."""


def find_islands(speech: Sequence[Span], levels: Levels, *, min_pause_s: float) -> list[Span]:
    """Move the edges of speech to where sound begins and ends, and part it at real pauses.

    Edges move outwards over what still sounds (a detector misses soft consonants) and inwards over
    silence. A real pause is silence by level for at least `min_pause_s`, inside what the detector
    took for one stretch too. Speech in which nothing is loud stays as the detector saw it.

    Returns:
        Spans in order and apart, on the 10-ms grid.
    """
    loud = _without_clicks(levels.is_loud)
    mask = np.zeros(len(loud), bool)
    for span in speech:
        first, last = span.start // GRID, min(len(loud), -(-span.end // GRID))
        first, last = _reach(loud, first, -1), _reach(loud, last - 1, +1) + 1
        sounding = loud[first:last]
        mask[first:last] |= sounding if sounding.any() else True
    parts = _runs(_closed(mask, round(min_pause_s * 100) - 1))
    return [Span(first * GRID, last * GRID) for first, last in parts]


def inner_pauses(island: Span, levels: Levels, *, min_pause_s: float) -> list[Span]:
    """Return the shorter silences inside an island, in order: where one would cut it at need."""
    first, last = island.start // GRID, island.end // GRID
    runs = _runs(~_without_clicks(levels.is_loud[first:last]))
    return [
        Span((first + a) * GRID, (first + b) * GRID)
        for a, b in runs
        if b - a >= round(min_pause_s * 100) and a > 0 and b < last - first
    ]


def _reach(loud: NDArray[np.bool_], frame: int, step: int) -> int:
    """Follow sound from `frame` outwards for as long as no silence is too long for a stop."""
    reached = frame
    for distance in range(1, _REACH_FRAMES + 1):
        at = frame + step * distance
        if not 0 <= at < len(loud) or abs(at - reached) > _HOLD_FRAMES:
            break
        if loud[at]:
            reached = at
    return reached


def _without_clicks(loud: NDArray[np.bool_]) -> NDArray[np.bool_]:
    kept = loud.copy()
    for first, last in _runs(loud):
        if last - first < _CLICK_FRAMES:
            kept[first:last] = False
    return kept


def _closed(mask: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Fill the gaps of at most `longest` frames."""
    filled = mask.copy()
    for (_, end), (start, _) in pairwise(_runs(mask)):
        if start - end <= longest:
            filled[end:start] = True
    return filled


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return [first, last) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
