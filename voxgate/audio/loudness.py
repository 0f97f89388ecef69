"""Loudness by ITU-R BS.1770-4, and the gain that brings a clip to a target."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from voxgate.types import Wave

__all__ = ["Gain", "Loudness", "find_gain", "measure_loudness"]

BLOCK_S = 0.4
"""BS.1770's gating block; what is shorter has no integrated loudness."""

ABSOLUTE_GATE_LUFS = -70.0
"""BS.1770's absolute gate; below it there is no loudness to speak of."""

_RMS_FRAME_S = 0.01
_FULL_SCALE_SINE_OFFSET_DB = -0.691  # BS.1770's constant, so that both figures share one scale


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """`lufs` is None for silence. `by_rms` marks the fallback for clips under 400 ms."""

    lufs: float | None
    by_rms: bool = False


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A gain in dB, and which bound (`max_gain`, `peak_ceiling`) lowered it, if one did."""

    db: float
    limited_by: str | None = None


def measure_loudness(wave: Wave, sample_rate_hz: int) -> Loudness:
    """Measure the integrated loudness.

    Under 400 ms BS.1770 is undefined: the level of the frames of 10 ms above the absolute gate
    stands in, without the K weighting, and says so.
    """
    if len(wave) == 0 or not np.any(wave):
        return Loudness(lufs=None)
    if len(wave) < BLOCK_S * sample_rate_hz:
        return Loudness(lufs=_gated_rms(wave, sample_rate_hz), by_rms=True)
    lufs = float(_meter(sample_rate_hz).integrated_loudness(wave.astype(np.float64)))
    return Loudness(lufs=lufs if lufs > ABSOLUTE_GATE_LUFS else None)


def find_gain(
    wave: Wave, loudness: Loudness, *, target_lufs: float, max_gain_db: float, ceiling_dbfs: float
) -> Gain:
    """Find the gain that reaches the target without passing either bound.

    Silence gets no gain. A peak above the ceiling is attenuated even where the target asks for
    more.
    """
    peak = float(np.max(np.abs(wave), initial=0.0))
    if loudness.lufs is None or peak == 0.0:
        return Gain(db=0.0)
    wanted = target_lufs - loudness.lufs
    headroom = ceiling_dbfs - 20.0 * float(np.log10(peak))
    if headroom < min(wanted, max_gain_db):
        return Gain(db=headroom, limited_by="peak_ceiling")
    if wanted > max_gain_db:
        return Gain(db=max_gain_db, limited_by="max_gain")
    return Gain(db=wanted)


def _gated_rms(wave: Wave, sample_rate_hz: int) -> float | None:
    size = max(1, int(_RMS_FRAME_S * sample_rate_hz))
    usable = max(size, len(wave) - len(wave) % size)
    frames = np.resize(wave, usable).reshape(-1, size).astype(np.float64)
    powers = np.mean(frames**2, axis=1)
    loud = powers[powers > 10 ** (ABSOLUTE_GATE_LUFS / 10)]
    if len(loud) == 0:
        return None
    return _FULL_SCALE_SINE_OFFSET_DB + 10.0 * float(np.log10(np.mean(loud)))


@functools.cache
def _meter(sample_rate_hz: int) -> Any:
    import pyloudnorm  # brings scipy.signal, half a second that only measuring pays

    return pyloudnorm.Meter(sample_rate_hz)
