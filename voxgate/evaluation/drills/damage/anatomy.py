"""Where a wave has speech, how loud it is, where it pauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.files import digest_bytes
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = [
    "as_wave",
    "find_pauses",
    "generator_of",
    "quiet_point",
    "samples_of",
    "speech_power",
]

_FRAME = HEARING_RATE_HZ // 50
_SPEECH_DB = 25.0
_PAUSE_DB = 30.0
_PAUSE_FRAMES = 5
_SEARCH_S = 0.3


def samples_of(seconds: float) -> int:
    """Return how many samples at 16 kHz last so long."""
    return round(seconds * HEARING_RATE_HZ)


def generator_of(wave: Wave) -> np.random.Generator:
    """Return a generator that is the same for the same wave."""
    return np.random.default_rng(int(digest_bytes(wave.tobytes())[:16], 16))


def as_wave(samples: NDArray[np.floating]) -> Wave:
    """Return samples as a wave; what exceeds full scale is clipped."""
    wave: Wave = np.clip(samples, -1, 1).astype(np.float32)
    return wave


def speech_power(wave: Wave) -> float:
    """Return the mean power of the frames that hold speech: those less than 25 dB below the loud.

    Silence has 0.
    """
    powers = _powers(wave)
    if not powers.size or not powers.max():
        return 0.0
    return float(powers[powers > _loud(powers) / 10 ** (_SPEECH_DB / 10)].mean())


def find_pauses(wave: Wave) -> list[slice]:
    """Return stretches of 100 ms and more inside a sentence, 30 dB below its loud parts."""
    powers = _powers(wave)
    if not powers.size:
        return []
    quiet = powers < _loud(powers) / 10 ** (_PAUSE_DB / 10)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int)))
    runs = [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return [
        slice(first * _FRAME, last * _FRAME)
        for first, last in runs
        if first > 0 and last < len(powers) and last - first >= _PAUSE_FRAMES
    ]


def quiet_point(wave: Wave, share: float) -> int:
    """Return the sample in the quietest frame within 0.3 s of `share` of the length."""
    powers = _powers(wave)
    middle, reach = round(share * len(powers)), round(_SEARCH_S * HEARING_RATE_HZ / _FRAME)
    first, last = max(0, middle - reach), min(len(powers), middle + reach + 1)
    if last <= first:
        return round(share * len(wave))
    return (first + int(np.argmin(powers[first:last]))) * _FRAME + _FRAME // 2


def _powers(wave: Wave) -> NDArray[np.float64]:
    whole = len(wave) // _FRAME
    frames = wave[: whole * _FRAME].reshape(whole, _FRAME).astype(np.float64)
    powers: NDArray[np.float64] = np.square(frames).mean(axis=1)
    return powers


def _loud(powers: NDArray[np.float64]) -> float:
    return float(np.percentile(powers, 90))
