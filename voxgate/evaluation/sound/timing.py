"""When is spoken, and what is heard when nobody speaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import HOP_S
from voxgate.evaluation.sound.spans import Spans
from voxgate.text.spoken_length import spoken_letters

__all__ = ["FLOOR_DB", "background_db", "outside_db", "pace", "pitch_range_st", "timing"]

FLOOR_DB = -80.0
"""Relative to speech; quieter is silence, and how quiet silence is says nothing."""

_STRETCH_S = 0.2
_PAUSE_S = 0.15
"""Shorter gaps are parts of words: the closure of a stop lasts up to that."""

_QUIET_SHARE = 0.1
_MIN_VOICED_S = 0.2
_SMOOTHING = 5  # frames, an odd number


def timing(spans: Spans, duration_s: float) -> dict[str, float]:
    """Return the time before and after speech, and the longest pause in it (0 without one)."""
    pauses = spans.pauses_s()
    return {
        "head_s": spans.start_s,
        "tail_s": max(0.0, duration_s - spans.end_s),
        "pause_s": float(pauses.max(initial=0.0)),
    }


def pace(spans: Spans, text: str) -> float:
    """Return the letters of `text` a second of speech, without pauses.

    Letters instead of phones, so that a changed lexicon does not change the judge. What is written
    in another script counts as the Latin letters that last as long.
    """
    pauses = spans.pauses_s()
    spoken_s = spans.end_s - spans.start_s - float(pauses[pauses >= _PAUSE_S].sum())
    return spoken_letters(text) / spoken_s


def outside_db(spans: Spans) -> float:
    """Return the level of the loudest 200 ms in which nobody speaks, relative to speech.

    Before the first word, after the last, and in pauses. Without such a stretch, and in silence,
    it is `FLOOR_DB`.
    """
    size = round(_STRETCH_S / HOP_S)
    quiet = ~spans.speech
    if len(quiet) < size:
        return FLOOR_DB
    free = _sums(quiet.astype(np.float64), size) > size - 0.5
    if not free.any():
        return FLOOR_DB
    power = _sums(10 ** (spans.levels_db / 10), size)[free].max() / size
    return _relative_db(float(power), spans)


def background_db(spans: Spans) -> float:
    """Return the level of the quietest tenth of all frames, relative to speech: hum and hiss."""
    count = max(1, int(_QUIET_SHARE * len(spans.levels_db)))
    quietest = np.sort(spans.levels_db)[:count]
    return _relative_db(float(np.mean(10 ** (quietest / 10))), spans)


def pitch_range_st(spans: Spans) -> float:
    """Return how far the pitch moves: its 10th to its 90th percentile in semitones.

    Speech with less than 0.2 s of pitch has a range of 0: nobody hears a melody in it.
    """
    voiced = spans.pitch.voiced & spans.speech
    if voiced.sum() * HOP_S < _MIN_VOICED_S:
        return 0.0
    semitones = 12 * np.log2(spans.pitch.f0_hz[voiced])
    if len(semitones) >= _SMOOTHING:
        rows = np.lib.stride_tricks.sliding_window_view(semitones, _SMOOTHING)
        semitones = np.median(rows, axis=1)
    low, high = np.percentile(semitones, [10.0, 90.0])
    return float(high - low)


def _relative_db(power: float, spans: Spans) -> float:
    return max(FLOOR_DB, 10 * float(np.log10(max(power, 1e-12))) - spans.level_db)


def _sums(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    totals = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(totals[size:] - totals[:-size])
