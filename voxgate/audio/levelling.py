"""Bring speech that is delivered as a file to a level.

The loudness is BS.1770's, as `loudness` has it, by other arithmetic: one pass for both filters, and
powers of 100 ms of which four make a block. It is the same to the last digits of a float, and takes
a third of the time; campaigns measure each of their files.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.loudness import (
    ABSOLUTE_GATE_LUFS,
    BLOCK_S,
    Loudness,
    find_gain,
    measure_loudness,
)
from voxgate.audio.shards import from_pcm16
from voxgate.types import Wave

__all__ = ["levelled", "quick_loudness"]

_MAX_GAIN_DB = 20.0
_CEILING_DBFS = -1.0
"""What lossy codecs need so that no decoder clips."""

_HOPS_A_SECOND = 10
_HOPS_A_BLOCK = 4
_RELATIVE_GATE_LU = 10.0
_OFFSET_DB = -0.691


def levelled(pcm: NDArray[np.int16], rate_hz: int, *, lufs: float) -> NDArray[np.int16]:
    """Return (T,) samples at `lufs`, or as near as their peaks allow; silence stays as it is."""
    wave = from_pcm16(pcm)
    gain = find_gain(
        wave,
        quick_loudness(wave, rate_hz),
        target_lufs=lufs,
        max_gain_db=_MAX_GAIN_DB,
        ceiling_dbfs=_CEILING_DBFS,
    )
    # Nothing can pass full scale: a gain leaves the peaks below the ceiling, silence gets none.
    scaled = pcm.astype(np.float32)
    scaled *= np.float32(10.0 ** (gain.db / 20.0))
    return np.rint(scaled, out=scaled).astype(np.int16)


def quick_loudness(wave: Wave, rate_hz: int) -> Loudness:
    """Measure the integrated loudness of (T,) float32, as `measure_loudness` does."""
    if len(wave) < BLOCK_S * rate_hz or rate_hz % _HOPS_A_SECOND or not np.any(wave):
        return measure_loudness(wave, rate_hz)
    powers = _block_powers(wave, rate_hz)
    with np.errstate(divide="ignore"):
        levels = _lufs(powers)
    gate = levels >= ABSOLUTE_GATE_LUFS
    if not gate.any():
        return Loudness(lufs=None)
    gate &= levels > _lufs(powers[gate].mean()) - _RELATIVE_GATE_LU
    lufs = float(_lufs(powers[gate].mean()))
    return Loudness(lufs=lufs if lufs > ABSOLUTE_GATE_LUFS else None)


def _block_powers(wave: Wave, rate_hz: int) -> NDArray[np.float64]:
    """Return the mean square of each weighted block of 400 ms, every 100 ms: (N,).

    As in `pyloudnorm` the last block may reach beyond the end, where there is silence.
    """
    from scipy.signal import sosfilt

    hop = rate_hz // _HOPS_A_SECOND
    weighted = sosfilt(_weighting(rate_hz), wave.astype(np.float64))
    blocks = int(np.round((len(wave) / rate_hz - BLOCK_S) * _HOPS_A_SECOND)) + 1
    hops = np.zeros((blocks + _HOPS_A_BLOCK - 1) * hop)
    used = min(len(hops), len(weighted))
    hops[:used] = weighted[:used]
    rows = hops.reshape(-1, hop)
    sums = np.einsum("ij,ij->i", rows, rows)
    powers: NDArray[np.float64] = np.convolve(sums, np.ones(_HOPS_A_BLOCK), mode="valid")
    return powers / (_HOPS_A_BLOCK * hop)


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(_OFFSET_DB + 10.0 * np.log10(power))


@functools.cache
def _weighting(rate_hz: int) -> NDArray[np.float64]:
    """Return the K weighting that `loudness` measures with, as sections of one filter."""
    from pyloudnorm.iirfilter import IIRfilter  # brings scipy.signal, half a second

    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, rate_hz, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, rate_hz, "high_pass")
    return np.array([[*stage.b, *stage.a] for stage in (shelf, high_pass)])
