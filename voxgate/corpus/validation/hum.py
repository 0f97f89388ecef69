"""Tell mains hum from other noise: a steady wave at multiples of 50 or 60 Hz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import frame_levels_db
from voxgate.types import Wave

__all__ = ["find_hum"]

_MAINS_HZ = (50, 60)
_HARMONICS = 12
_MIN_HALF_S = 0.4
_NOISE_PERCENTILE = 5.0
_MIN_SHARE_OF_NOISE = 0.5
_AROUND_HZ = 20.0
_PROMINENCE = 10.0
"""Over the median of its surroundings. In a spectrum of seconds hum is a needle, speech is not."""

Floats = NDArray[np.floating]


def find_hum(wave: Wave, sample_rate_hz: int) -> int | None:
    """Return 50 or 60 if hum of the mains makes up most of what is left in the pauses, else None.

    Both halves of the clip must agree: a held vowel does not hum twice. Under 0.8 s there is no
    telling.
    """
    halves = np.array_split(np.asarray(wave, dtype=np.float64), 2)
    if len(halves[1]) < _MIN_HALF_S * sample_rate_hz:
        return None
    levels_db = frame_levels_db(wave, sample_rate_hz)
    noise = 10 ** (float(np.percentile(levels_db, _NOISE_PERCENTILE)) / 10)
    powers = {
        mains: min(_hum_power(half, sample_rate_hz, mains) for half in halves)
        for mains in _MAINS_HZ
    }
    loudest = max(powers, key=powers.__getitem__)
    return loudest if powers[loudest] > _MIN_SHARE_OF_NOISE * noise else None


def _hum_power(wave: Floats, sample_rate_hz: int, mains_hz: int) -> float:
    """Return the mean square of the needles at multiples of `mains_hz`; 0 without a low one."""
    window = np.hanning(len(wave))
    spectrum = np.abs(np.fft.rfft(wave * window)) ** 2 * 2 / (len(wave) * np.sum(window**2))
    hz = np.fft.rfftfreq(len(wave), 1 / sample_rate_hz)
    needles = [_needle(spectrum, hz, mains_hz * (k + 1)) for k in range(_HARMONICS)]
    return sum(needles) if any(needles[:2]) else 0.0


def _needle(spectrum: Floats, hz: Floats, at_hz: float) -> float:
    distance = np.abs(hz - at_hz)
    near = distance <= max(1.0, 2.5 * hz[1])  # the main lobe of the window
    background = float(np.median(spectrum[~near & (distance <= _AROUND_HZ)]))
    peak = spectrum[near]
    return float(peak.sum()) if peak.max() > _PROMINENCE * background else 0.0
