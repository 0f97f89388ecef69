"""Take a constant, or slowly wandering, offset out of a recording.

An offset is inaudible, but it fills the pauses with energy: 1 % of full scale costs 30 dB of
measured SNR, and loudness, silence and peaks are wrong as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.types import Wave

__all__ = ["OffsetFilter", "find_offset", "remove_offset", "without_offset"]

_RELATIVE_OFFSET = 0.02
"""Of the channel's RMS; speech without an offset stays below 0.01."""

_CORNER_HZ = 20.0
"""Below every voice. A filter, not a subtraction: what was silence, or changes, stays at zero."""


def remove_offset(samples: NDArray[np.float32], sample_rate_hz: int) -> list[int]:
    """Filter the channels of (T, C) samples that have an offset, in place; return which."""
    mended = []
    for channel in range(samples.shape[1]):
        wave = samples[:, channel].astype(np.float64)
        offset = find_offset(wave)
        if offset is not None:
            samples[:, channel] = _high_pass(wave - offset, sample_rate_hz)
            mended.append(channel)
    return mended


def find_offset(wave: NDArray[np.floating]) -> float | None:
    """Return the offset of a wave (T,) if it is worth removing."""
    if len(wave) == 0 or np.ptp(wave) == 0:
        return None
    mean = float(wave.mean(dtype=np.float64))
    spread = float(wave.std(dtype=np.float64))
    return mean if abs(mean) > _RELATIVE_OFFSET * spread else None


def without_offset(wave: Wave, sample_rate_hz: int) -> Wave:
    """Return a wave (T,) without its offset: itself, if it has none."""
    samples = wave[:, None].astype(np.float32)
    return samples[:, 0] if remove_offset(samples, sample_rate_hz) else wave


@dataclass
class OffsetFilter:
    """Removes an offset from blocks of one wave as they come."""

    offset: float
    sample_rate_hz: int

    def __post_init__(self) -> None:
        self._sections = _sections(self.sample_rate_hz)
        self._state = np.zeros((len(self._sections), 2))

    def __call__(self, block: Wave) -> Wave:
        """Return the next block without it."""
        from scipy import signal

        out, self._state = signal.sosfilt(
            self._sections, block.astype(np.float64) - self.offset, zi=self._state
        )
        return np.asarray(out, dtype=np.float32)


def _sections(sample_rate_hz: int) -> NDArray[np.float64]:
    from scipy import signal  # half a second that only such recordings pay

    return np.asarray(
        signal.butter(2, _CORNER_HZ, "highpass", fs=sample_rate_hz, output="sos"), dtype=np.float64
    )


def _high_pass(wave: NDArray[np.float64], sample_rate_hz: int) -> NDArray[np.float64]:
    from scipy import signal

    sections = _sections(sample_rate_hz)
    padding = min(len(wave) - 1, sample_rate_hz // 10)
    filtered: NDArray[np.float64] = signal.sosfiltfilt(sections, wave, padlen=padding)
    return filtered
