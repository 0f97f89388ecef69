"""Find single clicks (dropped samples, cuts, static) and draw the wave through them.

A click is a jump that its surroundings do not have: its second difference is many times the
typical one of the 20 ms around it. A plosive or a glottal pulse raises those too, and lasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.types import Wave

__all__ = ["find_clicks", "repair_clicks"]

_AROUND_S = 0.020
_FACTOR = 40.0
_LOUD = 0.02
"""A smaller jump (of full scale) is not heard."""

_LONGEST_S = 0.001
_ROOM = 2
"""Samples beside the jump that are drawn anew as well."""

_KNOTS = 4
"""Samples on either side that the cubic goes through."""

Spans = list[tuple[int, int]]


def find_clicks(wave: Wave, sample_rate_hz: int) -> Spans:
    """Return first and one past the last sample of each click."""
    if len(wave) < round(_AROUND_S * sample_rate_hz):
        return []
    jumps = np.abs(np.diff(wave.astype(np.float64), n=2, prepend=wave[0], append=wave[-1]))
    typical = _typical(jumps, round(_AROUND_S * sample_rate_hz))
    hits = np.flatnonzero((jumps > _FACTOR * typical) & (jumps > _LOUD))
    longest = max(round(_LONGEST_S * sample_rate_hz), 3)
    return [span for span in _grouped(hits, longest) if span[1] - span[0] <= longest]


def repair_clicks(wave: Wave, sample_rate_hz: int) -> tuple[Wave, int]:
    """Return the wave with a cubic through each click, and how many there were."""
    from scipy.interpolate import CubicSpline

    spans = find_clicks(wave, sample_rate_hz)
    if not spans:
        return wave, 0
    repaired = wave.copy()
    for begin, end in spans:
        first, last = max(begin - _ROOM, 0), min(end + _ROOM, len(wave))
        known = np.r_[first - _KNOTS : first, last : last + _KNOTS]
        known = known[(known >= 0) & (known < len(wave))]
        gap = np.arange(first, last)
        if len(known) >= _KNOTS:
            repaired[gap] = CubicSpline(known, repaired[known])(gap)
    limit = float(np.abs(wave).max())
    return np.clip(repaired, -limit, limit).astype(np.float32), len(spans)


def _typical(jumps: NDArray[np.float64], around: int) -> NDArray[np.float64]:
    """Return the median jump of the stretch around each sample, or of a neighbour if larger."""
    count = -(-len(jumps) // around)
    padded = np.pad(jumps, (0, count * around - len(jumps)), mode="edge")
    medians = np.median(padded.reshape(count, around), axis=1) + 1e-7
    edged = np.pad(medians, 1, mode="edge")
    wide = np.maximum.reduce([edged[:-2], edged[1:-1], edged[2:]])
    return np.repeat(wide, around)[: len(jumps)]


def _grouped(hits: NDArray[np.intp], gap: int) -> Spans:
    if len(hits) == 0:
        return []
    parts = np.split(hits, np.flatnonzero(np.diff(hits) > gap) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]
