"""Waves with the anatomy of speech: words of a buzzing pitch, pauses between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voxgate.types import Wave

RATE_HZ = 16_000


def tone(pitch_hz: float, seconds: float = 2.0) -> Wave:
    time_s = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    wave: Wave = (0.3 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32)
    return wave


def buzz(pitches_hz: Sequence[float], *, word_s: float = 0.6, pause_s: float = 0.2) -> Wave:
    """Return one word a pitch, of twelve harmonics each, with silence after each but the last."""
    pause = np.zeros(int(pause_s * RATE_HZ), dtype=np.float32)
    pieces = []
    for pitch_hz in pitches_hz:
        harmonics = [tone(pitch_hz * (n + 1), word_s) / (n + 1) for n in range(12)]
        pieces += [np.sum(harmonics, axis=0, dtype=np.float32), pause]
    return np.concatenate(pieces[:-1])


def pitch_of(wave: Wave) -> float:
    """Return the strongest frequency."""
    return float(np.argmax(np.abs(np.fft.rfft(wave))) * RATE_HZ / len(wave))


def power_db(wave: Wave) -> float:
    return float(10 * np.log10(np.mean(np.square(wave, dtype=np.float64)) + 1e-12))
