"""Do two aligners that err in different ways place the same words at the same times?

Whisper's words absorb the pauses beside them and the second aligner's do not, and where Whisper is
a little early before a pause it is that pause too early. So what lies between two opinions is
counted in seconds of sound, not of silence: that much of a word one of them gave to another word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import HOP_S, frame_levels_db
from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.stretches import Reason
from voxgate.params.cut import CutParams
from voxgate.types import HEARING_RATE_HZ, Alignment, Wave, WordTiming

__all__ = ["Agreement", "compare", "heard_frames"]

_LOUD_PERCENTILE = 95.0
_HEARD_DB = 30.0
_SILENT_DB = -60.0

Times = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What the comparison found: no reason where the aligners agree.

    measures: `aligners_apart_s`, the most sound that lies between where both see an edge of a
        word; `edges_apart_s`, the same of the first word's start and the last word's end;
        `first_probability` and `second_probability`, of the word that each is least sure of.
    """

    reasons: tuple[Reason, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


def compare(
    wave: Wave,
    first: Alignment | None,
    second: Alignment | None,
    params: CutParams,
    *,
    one_is_enough: bool = False,
) -> Agreement:
    """Compare what two aligners make of one text.

    Args:
        wave: the 16 kHz audio that both aligned; times are seconds of it.
        first: the recogniser's own.
        second: the independent one; None where it could not place the text.
        params: the bounds of `cut`.
        one_is_enough: a text that only the recogniser placed is no reason to doubt.
    """
    if first is None or not first.words:
        return _differ("a text whose words the recogniser places", "none placed")
    if second is None:
        if one_is_enough:
            return Agreement()
        why = reason("one_aligner", expected="two aligners", arrived="only the recogniser's times")
        return Agreement(reasons=(why,))
    if len(first.words) != len(second.words):
        return _differ(f"the {len(first.words)} words of the text", f"{len(second.words)} placed")
    spoken = [any(map(str.isalnum, word.word)) for word in first.words]
    if not any(spoken):
        return _differ("a text with words", "only marks")
    measures = _measures(wave, _chosen(first, spoken), _chosen(second, spoken))
    return Agreement(reasons=tuple(_faults(measures, params)), measures=measures)


def heard_frames(wave: Wave) -> NDArray[np.bool_]:
    """Tell which frames of 20 ms, every 10 ms, are within 30 dB of the loud ones."""
    levels = frame_levels_db(wave, HEARING_RATE_HZ)
    loud = float(np.percentile(levels, _LOUD_PERCENTILE)) if len(levels) else _SILENT_DB
    return np.asarray(levels > max(_SILENT_DB, loud - _HEARD_DB))


def _differ(expected: str, arrived: str) -> Agreement:
    return Agreement(reasons=(reason("aligners_differ", expected=expected, arrived=arrived),))


def _chosen(alignment: Alignment, spoken: list[bool]) -> list[WordTiming]:
    """Leave out marks that stand alone: nobody says them, so nobody can place them."""
    return [word for word, heard in zip(alignment.words, spoken, strict=True) if heard]


def _measures(wave: Wave, first: list[WordTiming], second: list[WordTiming]) -> dict[str, float]:
    heard = heard_frames(wave)
    apart = np.abs(_sound_before(first, heard) - _sound_before(second, heard))  # (words, 2)
    return {
        "aligners_apart_s": round(float(apart.max()), 3),
        "edges_apart_s": round(float(max(apart[0, 0], apart[-1, 1])), 3),
        "first_probability": round(min(word.probability for word in first), 6),
        "second_probability": round(min(word.probability for word in second), 6),
    }


def _sound_before(words: list[WordTiming], heard: NDArray[np.bool_]) -> Times:
    """Return how much is heard before start and end of each word: (words, 2) seconds."""
    sound_s = np.concatenate([[0.0], np.cumsum(heard) * HOP_S])
    times_s = np.asarray([(word.start_s, word.end_s) for word in words])
    frames = np.rint(times_s / HOP_S).astype(np.int64)
    return np.asarray(sound_s[np.clip(frames, 0, len(heard))])


def _faults(measures: dict[str, float], params: CutParams) -> Iterable[Reason]:
    apart_s = measures["aligners_apart_s"]
    if apart_s > params.max_aligners_apart_s:
        yield reason(
            "aligners_differ",
            expected=f"edges of words at most {params.max_aligners_apart_s:.2f} s of sound apart",
            arrived=f"{apart_s:.2f} s",
        )
    bounds = (
        ("first_probability", "recogniser", params.min_word_probability),
        ("second_probability", "second aligner", params.min_stretch_probability),
    )
    for name, who, least in bounds:
        if measures[name] < least:
            yield reason(
                "aligners_differ",
                expected=f"each word likely to the {who} (at least {least:g})",
                arrived=f"a word of {measures[name]:g}",
            )
