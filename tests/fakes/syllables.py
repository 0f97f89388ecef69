"""Something like speech whose pitch, pace and pauses a test chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voxgate.types import HEARING_RATE_HZ, Wave, WordTiming

__all__ = ["Utterance", "hiss", "say"]

_SYLLABLE_S = 0.3
_FADE_S = 0.02


@dataclass(frozen=True)
class Utterance:
    """A wave and where its words, one a syllable, are."""

    wave: Wave
    words: tuple[WordTiming, ...]

    def between(self, before: Wave, after: Wave) -> Utterance:
        """Return the utterance with something before and after it."""
        shift_s = len(before) / HEARING_RATE_HZ
        return Utterance(
            np.concatenate([before, self.wave, after]),
            tuple(_timing(w.start_s + shift_s, w.end_s + shift_s) for w in self.words),
        )


def say(
    pitches_hz: Sequence[float] = (180, 200, 220, 190, 170, 160, 150, 140),
    *,
    rate: float = 1.0,
    pauses: Sequence[Wave] = (),
) -> Utterance:
    """Say one syllable a pitch, `rate` times as fast; `pauses` come between the first ones."""
    parts, words = [], []
    at = 0
    for number, pitch_hz in enumerate(pitches_hz):
        syllable = _syllable(pitch_hz, _SYLLABLE_S / rate)
        words.append(_timing(at / HEARING_RATE_HZ, (at + len(syllable)) / HEARING_RATE_HZ))
        parts.append(syllable)
        parts += pauses[number : number + 1]
        at = sum(map(len, parts))
    return Utterance(np.concatenate(parts).astype(np.float32), tuple(words))


def hiss(seconds: float, level: float, seed: int = 0) -> Wave:
    """Return white noise of an RMS level."""
    generator = np.random.default_rng(seed)
    count = int(seconds * HEARING_RATE_HZ)
    return (level * generator.standard_normal(count)).astype(np.float32)


def _syllable(pitch_hz: float, seconds: float) -> Wave:
    times = np.arange(int(seconds * HEARING_RATE_HZ)) / HEARING_RATE_HZ
    count = int(7000 / pitch_hz)
    # Schroeder's phases: harmonics that all begin at 0 would click once a period.
    wave = sum(
        np.sin(2 * np.pi * pitch_hz * k * times + np.pi * k**2 / count) / k
        for k in range(1, count + 1)
    )
    fade = np.clip(np.minimum(times, times[::-1]) / _FADE_S, 0, 1)
    return np.asarray(0.1 * wave * fade, dtype=np.float32)


def _timing(start_s: float, end_s: float) -> WordTiming:
    return WordTiming(word="bla", start_s=start_s, end_s=end_s, probability=0.9)
