"""Sounds that nobody says: beeps, chords, noise. All are (T,) float32 at 16 kHz."""

from __future__ import annotations

import numpy as np

from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["make_music", "make_noise", "make_tone", "pink_noise"]

_LEVEL = 0.12
_FADE_S = 0.02
_BASE_HZ = 110.0
_CHORDS = ((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))
"""Semitones above the base: the four chords of a great many songs."""

_TONES_HZ = (440.0, 480.0, 620.0, 1000.0, 1400.0)


def make_tone(draw: np.random.Generator, n_samples: int) -> Wave:
    """Return one or two pure tones, as telephones have them."""
    chosen = draw.choice(_TONES_HZ, size=int(draw.integers(1, 3)), replace=False)
    time_s = _time_s(n_samples)
    return _shaped(sum((np.sin(2 * np.pi * hz * time_s) for hz in chosen), np.zeros(n_samples)))


def make_music(draw: np.random.Generator, n_samples: int) -> Wave:
    """Return chords of plucked tones with a beat: no tune, but it changes as music does.

    Each tone has five harmonics and decays; a chord lasts a second or so.
    """
    beat = int(draw.uniform(0.35, 0.7) * HEARING_RATE_HZ)
    key = int(draw.integers(0, 12))
    music = np.zeros(n_samples + beat)
    first = int(draw.integers(0, len(_CHORDS)))
    for number, start in enumerate(range(0, n_samples, beat)):
        chord = _CHORDS[(first + number // 2) % len(_CHORDS)]
        time_s = _time_s(min(beat, len(music) - start))
        fall = np.exp(-time_s * 3.0)
        for semitone in chord:
            hz = _BASE_HZ * 2 ** ((key + semitone) / 12)
            for harmonic in range(1, 6):
                phase = draw.uniform(0, 2 * np.pi)
                wave = np.sin(2 * np.pi * hz * harmonic * time_s + phase) / harmonic
                music[start : start + time_s.size] += fall * wave
        drum = draw.standard_normal(time_s.size) * np.exp(-time_s * 40.0)
        music[start : start + time_s.size] += drum
    return _shaped(music[:n_samples])


def make_noise(draw: np.random.Generator, n_samples: int) -> Wave:
    """Return noise that swells and falls, as a passing car does."""
    swell = 0.3 + 0.7 * np.sin(np.pi * np.arange(n_samples) / n_samples) ** 2
    return _shaped(pink_noise(draw, n_samples) * swell)


def pink_noise(draw: np.random.Generator, n_samples: int) -> Wave:
    """Return noise whose power falls by 3 dB an octave, with a root mean square of 1."""
    spectrum = np.fft.rfft(draw.standard_normal(n_samples))
    frequencies = np.maximum(np.arange(spectrum.size), max(1, n_samples * 20 // HEARING_RATE_HZ))
    noise = np.fft.irfft(spectrum / np.sqrt(frequencies), n_samples)
    level = np.sqrt((noise**2).mean()) or 1.0
    scaled: Wave = (noise / level).astype(np.float32)
    return scaled


def _time_s(n_samples: int) -> np.ndarray:
    return np.arange(n_samples) / HEARING_RATE_HZ


def _shaped(wave: np.ndarray) -> Wave:
    """Bring a sound to its level, and let it begin and end without a click."""
    level = np.sqrt((wave.astype(np.float64) ** 2).mean()) or 1.0
    fade = min(int(_FADE_S * HEARING_RATE_HZ), wave.size // 2)
    ramp = np.ones(wave.size)
    ramp[:fade] = np.linspace(0, 1, fade)
    ramp[wave.size - fade :] = np.linspace(1, 0, fade)
    shaped: Wave = np.clip(wave / level * _LEVEL * ramp, -1, 1).astype(np.float32)
    return shaped
