"""Sound that is no speech: over the sentence, before it, after it, between its words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.drills.damage.anatomy import (
    as_wave,
    find_pauses,
    generator_of,
    quiet_point,
    samples_of,
    speech_power,
)
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = [
    "NOISE_SNR_DB",
    "add_clicks",
    "add_hum",
    "add_noise",
    "noise_after",
    "noise_before",
    "noise_between",
]

NOISE_SNR_DB = 10.0
_OUTSIDE_SNR_DB = 3.0
_OUTSIDE_S = 2.0
_GAP_S = 0.2
_GAPS = (0.25, 0.5, 0.75)
_HUM_SNR_DB = 25.0
_HUM_HZ = 50.0
_HUM_HARMONICS = (1.0, 0.3, 0.5, 0.2, 0.3)
_CLICKS_PER_S = 10.0
_CLICK_PEAK = 0.3
_CLICK_SAMPLES = 3


def add_noise(wave: Wave) -> Wave:
    """Add white noise at 10 dB below the mean power of the wave."""
    power = float(np.mean(np.square(wave, dtype=np.float64)))
    return as_wave(wave + _noise(generator_of(wave), len(wave), power, NOISE_SNR_DB))


def noise_before(wave: Wave) -> Wave:
    """Put two seconds of white noise, 3 dB below the speech, before the sentence."""
    return as_wave(np.concatenate([_outside(wave), wave]))


def noise_after(wave: Wave) -> Wave:
    """Put two seconds of white noise, 3 dB below the speech, after the sentence."""
    return as_wave(np.concatenate([wave, _outside(wave)]))


def noise_between(wave: Wave) -> Wave:
    """Fill the pauses with white noise, 3 dB below the speech.

    Where the sentence has fewer than three, three gaps of 200 ms are cut into it at quiet places,
    and filled as well.
    """
    generator, power = generator_of(wave), speech_power(wave)
    pauses = find_pauses(wave)
    out = wave.astype(np.float64)
    for pause in pauses:
        out[pause] += _noise(generator, pause.stop - pause.start, power, _OUTSIDE_SNR_DB)
    if len(pauses) < len(_GAPS):
        pieces = np.split(out, sorted(quiet_point(wave, share) for share in _GAPS))
        gap = samples_of(_GAP_S)
        filled = [pieces[0]]
        for piece in pieces[1:]:
            filled += [_noise(generator, gap, power, _OUTSIDE_SNR_DB), piece]
        out = np.concatenate(filled)
    return as_wave(out)


def add_hum(wave: Wave) -> Wave:
    """Add 50 Hz and four harmonics, 25 dB below the speech."""
    time_s = np.arange(len(wave)) / HEARING_RATE_HZ
    hum = sum(
        gain * np.sin(2 * np.pi * _HUM_HZ * (number + 1) * time_s)
        for number, gain in enumerate(_HUM_HARMONICS)
    )
    own = sum(gain**2 / 2 for gain in _HUM_HARMONICS)
    scale = (speech_power(wave) / 10 ** (_HUM_SNR_DB / 10) / own) ** 0.5
    return as_wave(wave + scale * np.asarray(hum))


def add_clicks(wave: Wave) -> Wave:
    """Add ten clicks a second: 0.2 ms each, a third of full scale, of either sign."""
    generator = generator_of(wave)
    count = round(_CLICKS_PER_S * len(wave) / HEARING_RATE_HZ)
    out = wave.astype(np.float64)
    for start in generator.integers(0, max(1, len(wave) - _CLICK_SAMPLES), count):
        out[start : start + _CLICK_SAMPLES] += _CLICK_PEAK * generator.choice([-1.0, 1.0])
    return as_wave(out)


def _outside(wave: Wave) -> NDArray[np.float64]:
    length = samples_of(_OUTSIDE_S)
    return _noise(generator_of(wave), length, speech_power(wave), _OUTSIDE_SNR_DB)


def _noise(
    generator: np.random.Generator, length: int, power: float, snr_db: float
) -> NDArray[np.float64]:
    scale = (power / 10 ** (snr_db / 10)) ** 0.5
    noise: NDArray[np.float64] = scale * generator.standard_normal(length)
    return noise
