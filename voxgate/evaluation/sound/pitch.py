"""The pitch of speech, by autocorrelation of frames: which frames have one, and which.

N counts frames of 50 ms, every 10 ms, centred like those of `voxgate.audio.silence`; L lags.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import FRAME_S, HOP_S
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Pitch", "track_pitch"]

_RATE_HZ = HEARING_RATE_HZ // 2
_FRAME = _RATE_HZ // 20
_FFT = 1024
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 420.0
_PERIODIC = 0.5
"""Autocorrelation of a frame with a pitch; noise and fricatives stay below 0.4."""

_NEARLY_BEST = 0.9
"""The shortest lag this close to the best is the period: multiples of a period repeat as well."""


@dataclass(frozen=True, kw_only=True)
class Pitch:
    """`f0_hz` (N,) holds a guess for every frame; it counts where `voiced` (N,) is true."""

    f0_hz: NDArray[np.float64]
    voiced: NDArray[np.bool_]


def track_pitch(wave: Wave, frames: int) -> Pitch:
    """Find the pitch of the first `frames` frames of a 16 kHz wave.

    The autocorrelation is divided by that of the window (Boersma 1993), so that its height says
    how periodic a frame is, whatever the lag.
    """
    window = np.hanning(_FRAME)
    rows = _frames(wave, frames) * window  # (N, T)
    correlation = _autocorrelation(rows)  # (N, L)
    own = _autocorrelation(window[None])  # (1, L)
    energy = correlation[:, :1] + 1e-9
    lags = np.arange(int(_RATE_HZ / _HIGHEST_HZ), int(_RATE_HZ / _LOWEST_HZ) + 1)
    height = correlation[:, lags] / energy * (own[0, 0] / own[0, lags])
    peak = np.zeros_like(height, dtype=bool)
    peak[:, 1:-1] = (height[:, 1:-1] >= height[:, :-2]) & (height[:, 1:-1] >= height[:, 2:])
    peaks = np.where(peak, height, -1.0)
    best = peaks.max(axis=1, keepdims=True)
    first = np.argmax(peaks >= _NEARLY_BEST * best, axis=1)
    first = np.clip(first, 1, len(lags) - 2)
    row = np.arange(len(height))
    left, middle, right = (height[row, first + k] for k in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, 1.0), 0.0)
    return Pitch(f0_hz=_RATE_HZ / (lags[first] + shift), voiced=best[:, 0] > _PERIODIC)


def _frames(wave: Wave, frames: int) -> NDArray[np.float64]:
    """Return (N, T) frames at 8 kHz, without their mean, in the middle of the 20-ms frames."""
    usable = len(wave) - len(wave) % 2
    halved = wave[:usable].astype(np.float64).reshape(-1, 2).mean(axis=1)
    hop = int(HOP_S * _RATE_HZ)
    before = (_FRAME - int(FRAME_S * _RATE_HZ)) // 2
    needed = (frames - 1) * hop + _FRAME
    padded = np.zeros(max(needed, before + len(halved)))
    padded[before : before + len(halved)] = halved
    rows = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[: frames * hop : hop]
    centred: NDArray[np.float64] = rows - rows.mean(axis=1, keepdims=True)
    return centred


def _autocorrelation(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.abs(np.fft.rfft(rows, n=_FFT)) ** 2
    return np.asarray(np.fft.irfft(power)[:, : _FFT // 2])
