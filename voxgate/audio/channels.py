"""Make one channel of several: the mean where they agree, the best one where they do not.

The mean of a voice and its mirror image is silence; the mean of a clean channel and a hissing one
hisses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.resampling import mix_down
from voxgate.audio.silence import frame_levels_db
from voxgate.types import Wave

__all__ = ["OneChannel", "choose_channel"]

_LOUD_PERCENTILE, _QUIET_PERCENTILE = 95.0, 5.0
_EMPTY_BELOW_LOUDEST_DB = 40.0
_MIN_CORRELATION = 0.9
_WORSE_DB = 3.0
_OPPOSED_CORRELATION = -0.5


@dataclass(frozen=True, kw_only=True)
class OneChannel:
    """One wave (T,), the channels of the source that are in it, and what was done."""

    wave: Wave
    used: tuple[int, ...]
    action: str | None


@dataclass(frozen=True)
class _Candidate:
    loud_db: float
    range_db: float
    """From quiet to loud frames: what noise, hum and crosstalk narrow."""

    @classmethod
    def of(cls, wave: Wave, sample_rate_hz: int) -> _Candidate:
        levels = frame_levels_db(wave, sample_rate_hz)
        loud, quiet = np.percentile(levels, [_LOUD_PERCENTILE, _QUIET_PERCENTILE])
        return cls(float(loud), float(loud - quiet))


def choose_channel(samples: NDArray[np.float32], sample_rate_hz: int) -> OneChannel:
    """Return one wave of (T, C) samples without offsets.

    The action is `downmixed` for the mean of all channels, or `channel_taken:N:WHY` (N from 1)
    for one of them: the others are `empty`, `opposed` (mirror images), `noisy` or `different`.
    """
    count = samples.shape[1]
    if count == 1 or len(samples) == 0:
        return OneChannel(wave=mix_down(samples), used=(0,), action=None)
    single = [_Candidate.of(samples[:, channel], sample_rate_hz) for channel in range(count)]
    loudest = max(each.loud_db for each in single)
    sounding = [
        channel
        for channel, each in enumerate(single)
        if each.loud_db > loudest - _EMPTY_BELOW_LOUDEST_DB
    ]
    # Rounded, so that equal takes do not change places with the last bit.
    best = max(sounding, key=lambda n: (round(single[n].range_db), round(single[n].loud_db), -n))
    mean = mix_down(samples)
    if not samples.any():
        return OneChannel(wave=mean, used=tuple(range(count)), action="downmixed")
    why = "empty" if len(sounding) == 1 else _disagreement(samples, sounding, best)
    if why is None:
        mixed = _Candidate.of(mean, sample_rate_hz)
        why = "noisy" if mixed.range_db < single[best].range_db - _WORSE_DB else None
    if why is None and len(sounding) == count:
        return OneChannel(wave=mean, used=tuple(range(count)), action="downmixed")
    return OneChannel(
        wave=np.ascontiguousarray(samples[:, best]),
        used=(best,),
        action=f"channel_taken:{best + 1}:{why or 'empty'}",
    )


def _disagreement(samples: NDArray[np.float32], sounding: list[int], best: int) -> str | None:
    lowest = min(
        _correlation(samples[:, best], samples[:, channel])
        for channel in sounding
        if channel != best
    )
    if lowest >= _MIN_CORRELATION:
        return None
    return "opposed" if lowest < _OPPOSED_CORRELATION else "different"


def _correlation(one: Wave, other: Wave) -> float:
    a, b = one.astype(np.float64), other.astype(np.float64)
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0
