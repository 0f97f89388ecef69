"""Notch mains hum: narrow cuts at 50 or 60 Hz and its harmonics, without a shift of phase."""

from __future__ import annotations

import numpy as np

from voxgate.types import Wave

__all__ = ["HARMONICS", "notch_hum"]

HARMONICS = 12
"""As many as `find_hum` looks at; above, hum is below the noise of any room."""

_WIDTH_HZ = 2.0
"""Of a notch. The mains wander by 0.2 Hz, and a voice's harmonics move through it in no time."""


def notch_hum(wave: Wave, sample_rate_hz: int, mains_hz: int) -> Wave:
    """Return a wave (T,) without the mains and its harmonics; every notch is run both ways."""
    from scipy.signal import filtfilt, iirnotch

    cleaned = wave.astype(np.float64)
    for harmonic in range(1, HARMONICS + 1):
        at_hz = harmonic * mains_hz
        if at_hz < 0.45 * sample_rate_hz:
            b, a = iirnotch(at_hz, at_hz / _WIDTH_HZ, fs=sample_rate_hz)
            # As long as a notch rings: with less at the edges it would begin with a swing.
            room = min(len(wave) - 1, round(sample_rate_hz / _WIDTH_HZ))
            cleaned = filtfilt(b, a, cleaned, padlen=max(room, 0))
    return np.asarray(cleaned, dtype=np.float32)
