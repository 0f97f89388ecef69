"""Measure one recording's signal with numpy: level, noise, bandwidth, silence, tones.

Frames are 25 ms long, 10 ms apart; levels are dB relative to full scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.offset import without_offset
from voxgate.corpus.validation.hum import find_hum
from voxgate.types import Wave

__all__ = ["MAX_SNR_DB", "Signal", "measure_bandwidth_hz", "measure_signal"]

MAX_SNR_DB = 80.0
"""Digital silence between words has no noise at all; the estimate is capped here."""

_FRAME_S, _HOP_S = 0.025, 0.010
_FLOOR = 1e-12
_ACTIVE_DB = 20.0  # frames this close to the loudest ones carry speech
_AUDIBLE_DB = 35.0  # below this, relative to the loudest, an edge counts as silence
_ABOVE_NOISE_DB = 6.0
_RUN_FRAMES = 5  # a click lies in three frames, and does not end a silence
_BAND_HZ = 125.0
_BAND_RANGE_DB = 50.0
_TONAL_SHARE = 0.9
_LOBE_BINS = 2  # half of the main lobe of the window

Frames = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Figures of one recording.

    `tonal_fraction`: share of active frames whose energy sits in one spectral peak (speech: below
    0.75 in any clip of 1 s; beeps: above 0.8). `flatness`: median spectral flatness of active
    frames (speech: below 0.01; white noise: about 0.5). `loud_db`: level of the loudest frames.
    `hum_hz`: 50 or 60 where mains hum fills the pauses.
    """

    snr_db: float
    bandwidth_hz: float
    leading_silence_s: float
    trailing_silence_s: float
    tonal_fraction: float
    flatness: float
    loud_db: float
    hum_hz: int | None


def measure_signal(wave: Wave, sample_rate_hz: int) -> Signal:
    """Measure a wave of at least one frame (25 ms).

    SNR is the energy-percentile estimate: the 5th percentile of frame energy is the noise, the
    mean energy of active frames is speech plus noise. A stationary signal (hum, hiss, tone) has
    an estimate near 0 dB.

    Raises:
        ValueError: the wave is shorter than one frame.
    """
    frames = _frames(without_offset(wave, sample_rate_hz), sample_rate_hz)  # (N, L)
    energy = np.mean(np.square(frames), axis=1) + _FLOOR  # (N,)
    level_db = 10 * np.log10(energy)
    loud_db, noise_db = np.percentile(level_db, [95.0, 5.0])
    active = level_db > loud_db - _ACTIVE_DB
    spectrum = _power_spectrum(frames)  # (N, F)
    leading_s, trailing_s = _edges(level_db, float(loud_db), float(noise_db))
    return Signal(
        snr_db=_snr_db(energy, active, noise_db=float(noise_db)),
        bandwidth_hz=_bandwidth_hz(spectrum, active, level_db, sample_rate_hz),
        leading_silence_s=leading_s,
        trailing_silence_s=trailing_s,
        tonal_fraction=_tonal_fraction(spectrum[active]),
        flatness=_flatness(spectrum[active]),
        loud_db=float(loud_db),
        hum_hz=find_hum(wave, sample_rate_hz),
    )


def measure_bandwidth_hz(wave: Wave, sample_rate_hz: int) -> float:
    """Measure up to where the spectrum of a wave of at least one frame reaches.

    Raises:
        ValueError: the wave is shorter than one frame.
    """
    frames = _frames(without_offset(wave, sample_rate_hz), sample_rate_hz)
    level_db = 10 * np.log10(np.mean(np.square(frames), axis=1) + _FLOOR)
    active = level_db > np.percentile(level_db, 95.0) - _ACTIVE_DB
    return _bandwidth_hz(_power_spectrum(frames), active, level_db, sample_rate_hz)


def _frames(wave: Wave, sample_rate_hz: int) -> Frames:
    length, hop = round(_FRAME_S * sample_rate_hz), round(_HOP_S * sample_rate_hz)
    if len(wave) < length:
        raise ValueError(f"{len(wave)} samples are shorter than one frame of {length}")
    return np.lib.stride_tricks.sliding_window_view(wave, length)[::hop]


def _power_spectrum(frames: Frames) -> Frames:
    window = np.hanning(frames.shape[1]).astype(np.float32)
    size = 1 << (frames.shape[1] - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(frames * window, n=size)) ** 2 + _FLOOR  # (N, F)
    return np.asarray(spectrum, dtype=np.float32)


def _snr_db(energy: Frames, active: NDArray[np.bool_], *, noise_db: float) -> float:
    noise = 10 ** (noise_db / 10)
    speech = max(float(np.mean(energy[active])) - noise, _FLOOR)
    return float(np.clip(10 * np.log10(speech / noise), -20.0, MAX_SNR_DB))


def _edges(level_db: Frames, loud_db: float, noise_db: float) -> tuple[float, float]:
    """Return leading and trailing silence in seconds."""
    audible_db = min(max(loud_db - _AUDIBLE_DB, noise_db + _ABOVE_NOISE_DB), loud_db - 10.0)
    audible = level_db > audible_db
    run = min(_RUN_FRAMES, len(audible))
    runs = np.lib.stride_tricks.sliding_window_view(audible, run)  # (N - run + 1, run)
    steady: NDArray[np.bool_] = np.all(runs, axis=1)
    if not steady.any():
        return 0.0, 0.0
    first = int(np.argmax(steady))
    last = len(steady) - 1 - int(np.argmax(steady[::-1])) + run - 1
    return first * _HOP_S, (len(level_db) - 1 - last) * _HOP_S


def _bandwidth_hz(
    spectrum: Frames, active: NDArray[np.bool_], level_db: Frames, sample_rate_hz: int
) -> float:
    """Return the top of the highest band above the noise and within 50 dB of the peak."""
    hz_per_bin = sample_rate_hz / 2 / (spectrum.shape[1] - 1)
    width = max(1, round(_BAND_HZ / hz_per_bin))
    bands = (spectrum.shape[1] - 1) // width

    def band_db(rows: Frames) -> Frames:
        mean = rows[:, : bands * width].mean(axis=0).reshape(bands, width).mean(axis=1)  # (bands,)
        return np.asarray(10 * np.log10(mean), dtype=np.float32)

    speech_db = band_db(spectrum[active])
    noise_db = band_db(spectrum[level_db <= np.percentile(level_db, 10)])
    # The lowest band holds hum and rumble, which say nothing of how far up speech goes.
    carries = (speech_db > speech_db[1:].max() - _BAND_RANGE_DB) & (
        speech_db > noise_db + _ABOVE_NOISE_DB
    )
    if not carries.any():
        return 0.0
    return float((np.flatnonzero(carries).max() + 1) * width * hz_per_bin)


def _tonal_fraction(spectrum: Frames) -> float:
    columns = np.arange(spectrum.shape[1])
    peak = spectrum.argmax(axis=1)[:, None]  # (N, 1)
    near = np.abs(columns - peak) <= _LOBE_BINS  # (N, F)
    share = np.where(near, spectrum, 0).sum(axis=1) / spectrum.sum(axis=1)
    return float(np.mean(share > _TONAL_SHARE))


def _flatness(spectrum: Frames) -> float:
    geometric = np.exp(np.mean(np.log(spectrum), axis=1))
    return float(np.median(geometric / spectrum.mean(axis=1)))
