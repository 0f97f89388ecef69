"""Where somebody speaks: from a probability a frame to spans of speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.corpus.cutting.sound.runs import find_runs, join_runs
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.params.cut import CutParams
from voxgate.types import HEARING_RATE_HZ, Probabilities

__all__ = ["find_speech"]

_HYSTERESIS = 0.15
"""Speech goes on until the probability is this far below the one at which it began.

A voice that trails off hovers around any threshold. The detector's authors use the same figure.
"""


def find_speech(
    probabilities: Probabilities, *, frame_samples: int, n_samples: int, params: CutParams
) -> list[Span]:
    """Return the spans of speech of a recording of `n_samples`, in order and apart.

    Pauses of less than `min_pause_s` are part of the speech around them; what is shorter than
    `min_speech_s` after that is no speech. Bounds are those of frames, outwards to the grid.
    """
    runs = find_runs(_speaking(probabilities, params.min_speech_probability))
    shortest_gap = params.min_pause_s * HEARING_RATE_HZ
    bounds = join_runs(runs * frame_samples, shortest_gap=shortest_gap)  # (N, 2) samples
    long = bounds[:, 1] - bounds[:, 0] >= params.min_speech_s * HEARING_RATE_HZ
    starts = bounds[long, 0] // GRID * GRID
    ends = np.minimum(-(-bounds[long, 1] // GRID) * GRID, n_samples)
    return [Span(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _speaking(probabilities: Probabilities, begin: float) -> NDArray[np.bool_]:
    """Tell of each frame whether it is speech: the last decided frame before it says, or itself."""
    end = max(begin - _HYSTERESIS, begin / 2)
    decided = np.where(probabilities >= begin, 1, np.where(probabilities < end, 0, -1))
    places = np.where(decided >= 0, np.arange(len(decided)), -1)
    last = np.maximum.accumulate(places)
    return np.asarray((last >= 0) & (decided[last] == 1), dtype=np.bool_)
