"""Where in a clean recording somebody speaks, by its level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.types import Wave

__all__ = ["loudness_db", "speech_spans"]

_BELOW_LOUD_DB = 40.0
_ABOVE_FLOOR_DB = 6.0
_LEAST_BELOW_LOUD_DB = 25.0
_LOUD, _FLOOR = 95, 5
_SHORTEST_SPEECH = 3 * GRID
_SHORTEST_PAUSE = 15 * GRID
_SILENCE_DB = -40.0


def speech_spans(wave: Wave) -> tuple[Span, ...]:
    """Return where a studio recording is loud enough to be speech, on a grid of 10 ms.

    A frame is speech at no more than 40 dB below the clip's loud frames (95th percentile), and 6 dB
    above its floor (5th percentile), but at 25 dB below the loud ones whatever the floor: a clip
    without any silence has none. Pauses under 150 ms are part of the speech, sounds under 30 ms
    are none. A clip that is quieter than -40 dBFS at its loudest has no speech.
    """
    levels = loudness_db(wave)
    if levels.size == 0 or np.percentile(levels, _LOUD) < _SILENCE_DB:
        return ()
    loud, floor = np.percentile(levels, [_LOUD, _FLOOR])
    threshold = min(
        max(loud - _BELOW_LOUD_DB, floor + _ABOVE_FLOOR_DB), loud - _LEAST_BELOW_LOUD_DB
    )
    runs = [run for run in _runs(levels > threshold) if run.n_samples >= _SHORTEST_SPEECH]
    spans: list[Span] = []
    for run in runs:
        if spans and run.start - spans[-1].end < _SHORTEST_PAUSE:
            spans[-1] = Span(spans[-1].start, run.end)
        else:
            spans.append(run)
    return tuple(spans)


def loudness_db(wave: Wave) -> NDArray[np.float64]:
    """Return the level of each whole frame of 10 ms, in dB of full scale."""
    frames = wave[: wave.size // GRID * GRID].reshape(-1, GRID).astype(np.float64)
    levels: NDArray[np.float64] = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    return levels


def _runs(active: NDArray[np.bool_]) -> list[Span]:
    changes = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    return [Span(int(a) * GRID, int(b) * GRID) for a, b in changes.reshape(-1, 2)]
