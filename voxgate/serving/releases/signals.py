"""What is cheap to measure of an answer: faults of its signal, and how far two answers lie apart.

No recogniser and no reference: a fault here is one that needs no opinion. What the words and the
speaker are like was the gate's question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voxgate.audio.silence import find_sound, frame_levels_db
from voxgate.release.trial_tally import Counts
from voxgate.serving.requests import SpokenSentence

__all__ = ["LATE_S", "Signal", "compare_signals", "count_answer", "measure_signal"]

MAX_LEADING_S, MAX_TRAILING_S = 1.0, 1.5
"""Silence at either end that nobody asked for."""

MAX_CLIPPED = 0.001
"""Share of samples at full scale."""

MAX_DURATION_RATIO = 1.5
"""A pair is of another length beyond it, in either direction."""

MAX_LEVEL_DB = 6.0
"""A pair is of another level beyond it, in either direction."""

LATE_S = 1.0
"""First sound that comes later than this is late."""

_FULL_SCALE = 32767
_LOUD_DB = 35.0


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One answer, measured. `level_dbfs` is the mean power of its loud frames; None in silence."""

    duration_s: float
    leading_s: float
    trailing_s: float
    level_dbfs: float | None
    clipped: float
    stopped_by_limit: bool

    @property
    def faults(self) -> frozenset[str]:
        """Name what is wrong with it, as `Counts` does."""
        found = {
            "stopped_by_limit": self.stopped_by_limit,
            "silent": self.level_dbfs is None,
            "clipped": self.clipped > MAX_CLIPPED,
            "leading_silence": self.level_dbfs is not None and self.leading_s > MAX_LEADING_S,
            "trailing_silence": self.level_dbfs is not None and self.trailing_s > MAX_TRAILING_S,
        }
        return frozenset(name for name, there in found.items() if there)


def measure_signal(sentences: Sequence[SpokenSentence]) -> Signal | None:
    """Measure the sentences of one answer as they are joined; None of no sentence."""
    if not sentences:
        return None
    pcm = np.concatenate([sentence.pcm for sentence in sentences])
    rate_hz = sentences[0].sample_rate_hz
    wave = (pcm.astype(np.float32) / (_FULL_SCALE + 1)).astype(np.float32)
    sound = find_sound(wave, rate_hz)
    return Signal(
        duration_s=len(pcm) / rate_hz,
        leading_s=sound.leading_s(rate_hz),
        trailing_s=sound.trailing_s(rate_hz),
        level_dbfs=_level_dbfs(wave[sound.start : sound.end], rate_hz),
        clipped=float(np.mean(np.abs(pcm.astype(np.int32)) >= _FULL_SCALE)) if len(pcm) else 0.0,
        stopped_by_limit=any(sentence.stopped_by_limit for sentence in sentences),
    )


def count_answer(
    signal: Signal | None, *, failed: bool = False, first_audio_s: float | None = None
) -> Counts:
    """Return the counts of one answer; one of which nothing was spoken has failed."""
    faults = set() if signal is None else set(signal.faults)
    if failed or signal is None:
        faults = {"failed"}
    return Counts(
        answers=1,
        faulty=int(bool(faults)),
        late=int(first_audio_s is not None and first_audio_s > LATE_S),
        timed=int(first_audio_s is not None),
        first_audio_s=first_audio_s or 0.0,
        **dict.fromkeys(faults, 1),
    )


def compare_signals(live: Signal | None, challenger: Signal | None) -> Counts:
    """Return the counts of a pair that spoke the same text; None is an answer that failed."""
    faulty = [signal is None or bool(signal.faults) for signal in (live, challenger)]
    if any(faulty) or live is None or challenger is None:
        return Counts(alone=int(faulty == [False, True]), spared=int(faulty == [True, False]))
    ratio = math.log(challenger.duration_s / live.duration_s)
    assert challenger.level_dbfs is not None, "silence is a fault"
    assert live.level_dbfs is not None, "silence is a fault"
    louder_db = challenger.level_dbfs - live.level_dbfs
    return Counts(
        compared=1,
        duration_off=int(abs(ratio) > math.log(MAX_DURATION_RATIO)),
        level_off=int(abs(louder_db) > MAX_LEVEL_DB),
        log_duration_ratio=ratio,
        level_difference_db=louder_db,
    )


def _level_dbfs(wave: np.ndarray[tuple[int], np.dtype[np.float32]], rate_hz: int) -> float | None:
    """Pauses count for nothing: a voice with longer ones is not quieter."""
    levels = frame_levels_db(wave, rate_hz)
    if not len(levels):
        return None
    loud = levels[levels >= levels.max() - _LOUD_DB]
    return float(10.0 * np.log10(np.mean(10.0 ** (loud / 10.0))))
