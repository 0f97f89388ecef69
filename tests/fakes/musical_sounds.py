"""Sounds that are no speech: chords with decaying notes, mains hum."""

from __future__ import annotations

import numpy as np

from voxgate.types import HEARING_RATE_HZ, Wave

_CHORD_S = 0.5
_ROOTS_HZ = (220.0, 261.6, 293.7, 246.9)
_STEPS = (0, 4, 7, 12)


def chords(seconds: float, level: float = 0.1) -> Wave:
    """Return chords of four notes with four harmonics each, at an RMS level: (T,) float32."""
    times = np.arange(int(_CHORD_S * HEARING_RATE_HZ)) / HEARING_RATE_HZ
    parts = []
    for number in range(int(np.ceil(seconds / _CHORD_S))):
        root_hz = _ROOTS_HZ[number % len(_ROOTS_HZ)]
        notes = [
            np.sin(2 * np.pi * root_hz * 2 ** (step / 12) * k * times) / k
            for step in _STEPS
            for k in range(1, 5)
        ]
        parts.append(np.sum(notes, axis=0) * np.exp(-2 * times))
    wave = np.concatenate(parts)[: int(seconds * HEARING_RATE_HZ)]
    return np.asarray(level * wave / np.sqrt(np.mean(wave**2)), dtype=np.float32)


def hum(seconds: float, level: float = 0.05, mains_hz: int = 50) -> Wave:
    """Return hum of the mains with seven harmonics: (T,) float32."""
    times = np.arange(int(seconds * HEARING_RATE_HZ)) / HEARING_RATE_HZ
    wave = sum(np.sin(2 * np.pi * mains_hz * k * times) / k for k in range(1, 8))
    return np.asarray(level * wave, dtype=np.float32)
