"""Another tempo at the same pitch: overlapped pieces of the wave that fit each other (WSOLA).

W. Verhelst and M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for high
quality time-scale modification of speech", ICASSP 1993.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.drills.damage.anatomy import as_wave
from voxgate.types import Wave

__all__ = ["stretch"]

_HOP = 240
_WINDOW = 2 * _HOP  # 30 ms: two periods of a low voice
_REACH = 160


def stretch(wave: Wave, speed: Callable[[float], float]) -> Wave:
    """Change the tempo of (T,) `wave`; `speed` is the factor at each share of it, from 0 to 1."""
    if len(wave) <= _WINDOW:
        return wave
    padded = np.concatenate([np.zeros(_REACH), wave, np.zeros(_WINDOW + _REACH)])
    places = _places(len(wave), speed)
    window = np.hanning(_WINDOW + 1)[:-1]
    out = np.zeros(len(places) * _HOP + _HOP)
    weights = np.zeros_like(out)
    wanted = padded[_REACH : _REACH + _WINDOW]
    for number, place in enumerate(places):
        region = padded[place : place + _WINDOW + 2 * _REACH]
        best = place + _best_offset(region, wanted)
        at = slice(number * _HOP, number * _HOP + _WINDOW)
        out[at] += window * padded[best : best + _WINDOW]
        weights[at] += window
        following = min(best + _HOP, len(padded) - _WINDOW)
        wanted = padded[following : following + _WINDOW]
    return as_wave(out / np.maximum(weights, 1e-3))


def _places(length: int, speed: Callable[[float], float]) -> list[int]:
    places, place = [], 0.0
    while place < length:
        places.append(int(place))
        place += _HOP * speed(place / length)
    return places


def _best_offset(region: NDArray[np.float64], wanted: NDArray[np.float64]) -> int:
    products = np.correlate(region, wanted, mode="valid")
    squares = np.concatenate([[0.0], np.cumsum(np.square(region))])
    energies = squares[len(wanted) :] - squares[: -len(wanted)]
    likeness = products / np.sqrt(energies + 1e-9)
    likeness[_REACH] += 1e-6  # in silence all are alike, and the place itself is the best
    return int(np.argmax(likeness))
