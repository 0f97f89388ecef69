"""Where in a sample somebody speaks: word times, energy and pitch together.

The recogniser's times are good to some tenths of a second, its first word reaches back to the start
and a pause belongs to the word beside it. Energy alone takes noise for speech. So speech is: sound,
near a frame with a pitch, within what the words leave room for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import FRAME_S, HOP_S, frame_levels_db
from voxgate.evaluation.sound.pitch import Pitch, track_pitch
from voxgate.types import HEARING_RATE_HZ, Wave, WordTiming

__all__ = ["Spans", "find_spans"]

_SLACK_S = 0.35
"""How far the times of the first and the last word may be off."""

_LETTER_S, _WORD_S, _DIGIT_S = 0.12, 0.25, 0.6
"""No word lasts longer than its letters and this allow; a digit stands for a word."""

_SOUND_DB = 30.0
"""Below the loud frames: quieter is a pause."""

_VOICED_DB = 25.0
_NEAR_PITCH_S = 0.2
"""Sound further from any pitch is no consonant: the longest clusters of English last as long."""

_LOUD_PERCENTILE = 95.0

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Frames of 20 ms, every 10 ms: their level in dBFS, their pitch, and whether speech is there.

    `first` and `last` are the first and the last frame of speech; `level_db` is the mean level of
    speech.
    """

    levels_db: NDArray[np.float64]
    pitch: Pitch
    speech: Mask
    first: int
    last: int
    level_db: float

    @property
    def start_s(self) -> float:
        """When speech begins."""
        return self.first * HOP_S

    @property
    def end_s(self) -> float:
        """When speech ends."""
        return self.last * HOP_S + FRAME_S

    def pauses_s(self) -> NDArray[np.float64]:
        """Return the lengths of the stretches without speech between first and last."""
        inside = np.concatenate([[True], self.speech[self.first : self.last + 1], [True]])
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        return np.asarray((edges[1::2] - edges[::2]) * HOP_S)


def find_spans(wave: Wave, words: Sequence[WordTiming]) -> Spans | None:
    """Find speech in a 16 kHz wave; None without words, or where the words are there is silence.

    Where nothing has a pitch (a whisper) sound counts as speech.
    """
    levels_db = frame_levels_db(wave, HEARING_RATE_HZ)
    if not words or len(levels_db) == 0:
        return None
    room = _room(words, len(levels_db))
    loud_db = float(np.percentile(levels_db[room], _LOUD_PERCENTILE)) if room.any() else -120.0
    pitch = track_pitch(wave, len(levels_db))
    sound = room & (levels_db > max(loud_db - _SOUND_DB, -70.0))
    voiced = sound & pitch.voiced & (levels_db > loud_db - _VOICED_DB)
    speech = sound & _near(voiced, round(_NEAR_PITCH_S / HOP_S)) if voiced.any() else sound
    frames = np.flatnonzero(speech)
    if len(frames) == 0:
        return None
    power = float(np.mean(10 ** (levels_db[speech] / 10)))
    return Spans(
        levels_db=levels_db,
        pitch=Pitch(f0_hz=pitch.f0_hz, voiced=voiced),
        speech=speech,
        first=int(frames[0]),
        last=int(frames[-1]),
        level_db=10 * float(np.log10(power)),
    )


def _room(words: Sequence[WordTiming], frames: int) -> Mask:
    """Return the frames in which the words can lie."""
    first, last = words[0], words[-1]
    start_s = max(first.start_s, first.end_s - _longest_s(first.word)) - _SLACK_S
    end_s = min(last.end_s, last.start_s + _longest_s(last.word)) + _SLACK_S
    times = np.arange(frames) * HOP_S
    return np.asarray((times >= start_s) & (times <= end_s))


def _longest_s(word: str) -> float:
    digits = sum(character.isdigit() for character in word)
    return _WORD_S + _LETTER_S * len(word) + _DIGIT_S * digits


def _near(mask: Mask, reach: int) -> Mask:
    """Return the frames at most `reach` frames from one of `mask`."""
    counts = np.concatenate([[0], np.cumsum(mask)])
    at = np.arange(len(mask))
    low, high = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(mask))
    return np.asarray(counts[high] > counts[low])
