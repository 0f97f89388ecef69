"""Speech at another pitch, or on one note."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.resampling import resample
from voxgate.evaluation.drills.damage.anatomy import as_wave, speech_power
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["PITCH_SEMITONES", "flatten_pitch", "mistake_rate", "shift_pitch"]

PITCH_SEMITONES = 2.0
_MADE_AT_HZ, _PLAYED_AT_HZ = 44_100, 48_000
_HOP = 160
_FRAME = 1024
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 400.0
_VOICED = 0.6
_VOICED_DB = 25.0
_UNVOICED_STEP = 80
_SNAP = 0.2


def shift_pitch(wave: Wave) -> Wave:
    """Raise the wave by two semitones, as long as before (phase vocoder)."""
    import librosa

    shifted: Wave = librosa.effects.pitch_shift(wave, sr=HEARING_RATE_HZ, n_steps=PITCH_SEMITONES)
    return as_wave(shifted)


def mistake_rate(wave: Wave) -> Wave:
    """Play what was made at 44.1 kHz as if it were 48 kHz: 9 % faster, and as much higher."""
    return as_wave(resample(wave, _PLAYED_AT_HZ, _MADE_AT_HZ))


def flatten_pitch(wave: Wave) -> Wave:
    """Speak on one note, the median of the wave's own pitch, as long as before.

    Periods of the voice are laid at equal distances (TD-PSOLA: E. Moulines and F. Charpentier,
    Speech Communication 9, 1990); what has no pitch stays as it is.
    """
    periods = _periods(wave)
    if not periods.any():
        return wave
    note = float(np.median(periods[periods > 0]))
    marks = _marks(wave, periods)
    padded = np.pad(wave.astype(np.float64), _FRAME)
    out, weights = np.zeros_like(padded), np.zeros_like(padded)
    place = float(marks[0])
    while place < len(wave):
        mark = int(marks[np.argmin(np.abs(marks - place))])
        period = periods[mark]
        reach = round(period or _UNVOICED_STEP)
        window = np.hanning(2 * reach + 1)
        here = _FRAME + round(place)
        out[here - reach : here + reach + 1] += (
            window * padded[_FRAME + mark - reach : _FRAME + mark + reach + 1]
        )
        weights[here - reach : here + reach + 1] += window
        place += note if period else _UNVOICED_STEP
    return as_wave((out / np.maximum(weights, 0.5))[_FRAME:-_FRAME])


def _periods(wave: Wave) -> NDArray[np.float64]:
    """Return the period at each of T samples, in samples; 0 where there is no pitch."""
    import librosa

    if len(wave) < _FRAME:
        return np.zeros(len(wave))
    pitch = librosa.yin(
        wave, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ, sr=HEARING_RATE_HZ,
        frame_length=_FRAME, hop_length=_HOP,
    )  # fmt: skip
    least = speech_power(wave) / 10 ** (_VOICED_DB / 10)
    periods = np.array(
        [
            period if _is_voiced(wave, number * _HOP, round(period), least) else 0.0
            for number, period in enumerate(HEARING_RATE_HZ / pitch)
        ]
    )
    return np.repeat(periods, _HOP)[: len(wave)]


def _is_voiced(wave: Wave, centre: int, period: int, least: float) -> bool:
    start = max(0, centre - period)
    first, second = wave[start : start + period], wave[start + period : start + 2 * period]
    if len(second) < period:
        return False
    power = float(np.sqrt(np.square(first).mean() * np.square(second).mean()))
    return power > least and float((first * second).mean()) > _VOICED * power


def _marks(wave: Wave, periods: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return where periods begin: at the peaks of voiced parts, at equal steps elsewhere."""
    marks: list[int] = []
    place = 0
    while place < len(wave):
        period = periods[place]
        if period:
            reach = max(1, round(_SNAP * period))
            first = max(marks[-1] + 1 if marks else 0, place - reach)
            place = first + int(np.argmax(wave[first : place + reach]))
        marks.append(place)
        place += round(period or _UNVOICED_STEP)
    assert all(before < after for before, after in pairwise(marks))
    return np.array(marks, dtype=np.int64)
