"""Speech in a bad room, through a bad line, or from a bad coder."""

from __future__ import annotations

import numpy as np

from voxgate.evaluation.drills.damage.anatomy import as_wave, samples_of, speech_power
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["add_echo", "limit_band", "quantise_coarsely", "reverberate"]

_BAND_HZ = 3400.0
_FILTER_ORDER = 10
_DECAY_S = 0.6
_ROOM_SEED = 20
_ECHO_S = 0.18
_ECHO_GAIN = 0.5
_MU = 255.0
_CODES = 32


def limit_band(wave: Wave) -> Wave:
    """Take away what is above 3.4 kHz, as a telephone does."""
    from scipy.signal import butter, sosfilt

    sections = butter(_FILTER_ORDER, _BAND_HZ, fs=HEARING_RATE_HZ, output="sos")
    return as_wave(sosfilt(sections, wave.astype(np.float64)))


def reverberate(wave: Wave) -> Wave:
    """Speak in a room whose sound dies away by 60 dB in 0.6 s; direct and reflected are as strong.

    The room is noise that decays; it is the same for every wave, and so is the level afterwards.
    """
    from scipy.signal import fftconvolve

    length = samples_of(_DECAY_S)
    room = np.random.default_rng(_ROOM_SEED).standard_normal(length)
    room *= 10 ** (-3 * np.arange(length) / length)
    room /= np.sqrt(np.square(room).sum())
    room[0] += 1
    return _as_loud(np.asarray(fftconvolve(wave.astype(np.float64), room)), wave)


def add_echo(wave: Wave) -> Wave:
    """Add the sentence again, 180 ms later and 6 dB lower, and that once more."""
    delay = samples_of(_ECHO_S)
    out = np.zeros(len(wave) + 2 * delay)
    for number in range(3):
        out[number * delay : number * delay + len(wave)] += _ECHO_GAIN**number * wave
    return _as_loud(out, wave)


def quantise_coarsely(wave: Wave) -> Wave:
    """Code each sample by the mu-law (ITU-T G.711's companding) in 32 steps instead of 256."""
    companded = np.sign(wave) * np.log1p(_MU * np.abs(wave)) / np.log1p(_MU)
    coded = np.round(companded * _CODES / 2) / (_CODES / 2)
    return as_wave(np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU)


def _as_loud(samples: np.ndarray, wave: Wave) -> Wave:
    power = speech_power(as_wave(samples))
    return as_wave(samples * (speech_power(wave) / power) ** 0.5 if power else samples)
