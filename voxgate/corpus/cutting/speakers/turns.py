"""Whose speech it is: the turns of the speaker and of everybody else.

A window of 1.6 s says well who speaks and badly when that changes. So the windows over a moment
vote, a change costs something where nobody pauses, and each change is then moved to the best pause
beside it. N windows, F frames of 0.1 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import frame_levels_db
from voxgate.corpus.cutting.spans import GRID, Span
from voxgate.corpus.cutting.speakers.voice_windows import Reader, WindowEmbeddings
from voxgate.corpus.cutting.speakers.voices import Voices
from voxgate.params.cut import CutParams
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Turn", "split_turns"]

_FRAME = 10 * GRID
_FRAME_S = _FRAME / HEARING_RATE_HZ

_CHANGE = 0.1
"""What a change without a pause must gain: margin times seconds. A turn of 1 s, .2 nearer to
somebody else, pays for both of its changes."""

_DIP_CHANGE = 0.03
"""What it must gain in a pause that is too short for the detector of speech."""

_DIP_DB = (6.0, 20.0)
"""Below the usual level: so little is no pause, so much is one."""

_LOOK_S = 0.15
_QUIET_DB = 3.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Speech of one side; all turns together are the speech that was found.

    cosine: mean with the speaker; None where the speech is too short to tell.
    """

    span: Span
    is_speaker: bool
    cosine: float | None


def split_turns(
    read: Reader,
    speech: Sequence[Span],
    embeddings: WindowEmbeddings,
    voices: Voices,
    params: CutParams,
) -> list[Turn]:
    """Tell the speaker's speech from the others', in order; changes lie on the grid of 10 ms.

    Where nothing can be told by, the speech beside it decides, the nearer the more.
    """
    evidence, starts = _evidence(speech, embeddings, voices, params)
    costs = _change_costs(read, speech, params)
    labels = _follow(evidence, costs)
    cosines = voices.cosines(embeddings.vectors)
    turns = []
    for span, (first, last) in zip(speech, pairwise(starts), strict=True):
        for part, is_speaker in _parts(read, span, labels[first:last]):
            heard = embeddings.inside(part)
            cosine = float(cosines[heard].mean()) if len(heard) else None
            turns.append(Turn(span=part, is_speaker=is_speaker, cosine=cosine))
    return turns


def _evidence(
    speech: Sequence[Span], embeddings: WindowEmbeddings, voices: Voices, params: CutParams
) -> tuple[Floats, list[int]]:
    """Return what speaks for the speaker in each frame, and at which frame each span begins.

    The one is margin times seconds; of the other, where the last span ends comes last. A window
    counts most in its middle, and the less the shorter it is.
    """
    counts = [-(-span.n_samples // _FRAME) for span in speech]
    starts = [0, *accumulate(counts)]
    total, weight = np.zeros(starts[-1]), np.full(starts[-1], 1e-9)
    certainty = np.zeros(starts[-1])
    margins = voices.margins(embeddings, params) if len(embeddings) else np.zeros(0)
    begins = np.asarray([span.start for span in speech])
    for window, margin in zip(embeddings.windows, margins, strict=True):
        place = int(np.searchsorted(begins, window.start, side="right")) - 1
        offset = window.start - speech[place].start
        first = starts[place] + offset // _FRAME
        last = min(starts[place + 1], first + -(-window.n_samples // _FRAME))
        share = min(1.0, window.duration_s / params.speaker_window_s)
        triangle = np.bartlett(last - first + 2)[1:-1] / share  # a half window sees changes better
        total[first:last] += triangle * margin
        weight[first:last] += triangle
        certainty[first:last] = np.maximum(certainty[first:last], share)
    return total / weight * certainty * _FRAME_S, starts


def _change_costs(read: Reader, speech: Sequence[Span], params: CutParams) -> Floats:
    """Return what a change before each frame costs: the less, the better people pause there."""
    costs = []
    ends = [None, *(span.end for span in speech)]
    for span, end in zip(speech, ends, strict=False):
        own = _costs_inside(read(span), -(-span.n_samples // _FRAME))
        if end is not None:
            pause_s = (span.start - end) / HEARING_RATE_HZ
            # Never dearer than inside speech: a change belongs into the longer pause.
            own[0] = _DIP_CHANGE * max(0.0, 1 - pause_s / params.max_pause_s)
        costs.append(own)
    return np.concatenate(costs) if costs else np.zeros(0)


def _costs_inside(wave: Wave, frames: int) -> Floats:
    levels = frame_levels_db(wave, HEARING_RATE_HZ)
    hops = _FRAME // GRID
    around = np.pad(levels, (hops // 2, hops), mode="edge")  # from half a frame before the change
    lowest = np.asarray([around[n * hops : (n + 1) * hops].min() for n in range(frames)])
    little, much = _DIP_DB
    depth = np.clip((np.median(levels) - lowest - little) / (much - little), 0, 1)
    return np.asarray(_CHANGE - (_CHANGE - _DIP_CHANGE) * depth)


def _follow(evidence: Floats, costs: Floats) -> NDArray[np.bool_]:
    """Return the likeliest course (Viterbi): True where the speaker speaks, (F,)."""
    if len(evidence) == 0:
        return np.zeros(0, dtype=np.bool_)
    gains = np.stack([-evidence, evidence], axis=1).tolist()  # (F, 2)
    changed = np.zeros((len(evidence), 2), dtype=np.bool_)
    other, own = gains[0]
    for frame in range(1, len(gains)):
        cost = costs[frame]
        changed[frame] = own - cost > other, other - cost > own
        other, own = max(other, own - cost), max(own, other - cost)
        other, own = other + gains[frame][0], own + gains[frame][1]
    state = int(own >= other)
    course = np.zeros(len(evidence), dtype=np.bool_)
    for frame in range(len(evidence) - 1, -1, -1):
        course[frame] = state
        state = 1 - state if changed[frame, state] else state
    return course


def _parts(read: Reader, span: Span, labels: NDArray[np.bool_]) -> list[tuple[Span, bool]]:
    """Divide a span of speech where its frames change sides."""
    changes = (np.flatnonzero(labels[1:] != labels[:-1]) + 1).tolist()
    cuts = [span.start]
    for change in changes:
        cut = _best_pause(read, span, span.start + change * _FRAME)
        cuts.append(min(max(cut, cuts[-1] + GRID), span.end - GRID))
    cuts.append(span.end)
    sides = [bool(labels[place]) for place in (0, *changes)]
    return [
        (Span(start, end), side)
        for (start, end), side in zip(pairwise(cuts), sides, strict=True)
        if start < end
    ]


def _best_pause(read: Reader, span: Span, change: int) -> int:
    """Return the quietest place near a change, or the change where nothing is quiet."""
    look = round(_LOOK_S * HEARING_RATE_HZ)
    near = Span(max(span.start, change - look), min(span.end, change + look))
    levels = frame_levels_db(read(near), HEARING_RATE_HZ)
    lowest = float(levels.min())
    if lowest > np.median(levels) - _DIP_DB[0]:
        return change
    quiet = np.flatnonzero(levels <= lowest + _QUIET_DB)
    middle = int(quiet[len(quiet) // 2])  # of the pause, not its edge
    return min(near.start + (middle + 1) * GRID, near.end)
