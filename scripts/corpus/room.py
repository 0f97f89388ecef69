"""What a room and its neighbours add to a recording: echo, hiss, music under everything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve

from scripts.corpus.sounds import make_music, pink_noise
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Room", "add_room"]

_TONE_DBFS = -66.0
_ECHO_S = 0.4
_ECHO_FROM_S = 0.005
_DIRECT_TO_ECHO_DB = 6.0


@dataclass(frozen=True, kw_only=True)
class Room:
    """`noise_db` and `music_db`: how far the speech is above them; None is without.

    `reverb`: an echo that falls by 60 dB in 0.4 s, 6 dB below the direct sound; the direct sound is
    not delayed, so that speech begins where it began.
    """

    noise_db: float | None = None
    music_db: float | None = None
    reverb: bool = False


def add_room(wave: Wave, room: Room, *, speech_rms: float, seed: int) -> Wave:
    """Return the recording as that room has it.

    Whatever the room, there is noise of -66 dBFS: no real recording is zero between two sentences.
    Levels of noise and music are counted from `speech_rms`, the level of the speech.
    """
    draw = np.random.default_rng([seed, 1])
    mixed = wave.astype(np.float64)
    if room.reverb:
        mixed = fftconvolve(mixed, _echo(draw))[: wave.size]
    mixed += pink_noise(draw, wave.size) * 10 ** (_TONE_DBFS / 20)
    if room.noise_db is not None:
        mixed += pink_noise(draw, wave.size) * speech_rms * 10 ** (-room.noise_db / 20)
    if room.music_db is not None:
        music = make_music(draw, wave.size).astype(np.float64)
        level = np.sqrt((music**2).mean())
        mixed += music / level * speech_rms * 10 ** (-room.music_db / 20)
    loudest = np.abs(mixed).max()
    mixed = mixed if loudest <= 1 else mixed / loudest
    result: Wave = mixed.astype(np.float32)
    return result


def _echo(draw: np.random.Generator) -> np.ndarray:
    n_samples = int(_ECHO_S * HEARING_RATE_HZ)
    tail = draw.standard_normal(n_samples) * 10 ** (-3 * np.arange(n_samples) / n_samples)
    tail[: int(_ECHO_FROM_S * HEARING_RATE_HZ)] = 0
    tail *= 10 ** (-_DIRECT_TO_ECHO_DB / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1
    return tail
