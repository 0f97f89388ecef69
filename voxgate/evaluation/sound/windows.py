"""Who speaks in each part of a sample: similarity by window, because a mean hides a stranger."""

from __future__ import annotations

import numpy as np

from voxgate.audio.silence import HOP_S, frame_levels_db
from voxgate.evaluation.sound.spans import Spans
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["WINDOW_S", "speech_windows", "window_places"]

WINDOW_S = 1.6
"""What the speaker encoder was trained on; a shorter window moves with every vowel."""

_HOP_S = 0.8
_MIN_SPEECH = 0.5  # of a window
_SILENT_DB = -60.0


def speech_windows(wave: Wave, spans: Spans | None) -> list[Wave]:
    """Cut the speech of a wave into windows of 1.6 s, every 0.8 s; the last ends with it."""
    return [wave[place] for place in window_places(wave, spans)]


def window_places(wave: Wave, spans: Spans | None) -> list[slice]:
    """Return where the windows of `speech_windows` lie in a wave.

    Windows that are silent for more than half are left out, unless there is no other. Speech
    shorter than a window is one window, with what is around it. Without a word heard, all that is
    loud enough to be heard counts as speech.
    """
    size = round(WINDOW_S * HEARING_RATE_HZ)
    if len(wave) <= size:
        return [slice(0, len(wave))]
    start = 0 if spans is None else round(spans.start_s * HEARING_RATE_HZ)
    end = len(wave) if spans is None else min(len(wave), round(spans.end_s * HEARING_RATE_HZ))
    last = min(max(start, end - size), len(wave) - size)
    begins = [*range(start, last, round(_HOP_S * HEARING_RATE_HZ)), last]
    shares = [_share(wave[begin : begin + size], begin, spans) for begin in begins]
    least = min(_MIN_SPEECH, max(shares))
    return [
        slice(begin, begin + size)
        for begin, share in zip(begins, shares, strict=True)
        if share >= least
    ]


def _share(window: Wave, begin: int, spans: Spans | None) -> float:
    if spans is None:
        return float(np.mean(frame_levels_db(window, HEARING_RATE_HZ) > _SILENT_DB))
    first = round(begin / HEARING_RATE_HZ / HOP_S)
    return float(np.mean(spans.speech[first : first + round(WINDOW_S / HOP_S)]))
