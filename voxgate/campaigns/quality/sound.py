"""What can be measured of a sentence without hearing its words; a millisecond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.silence import HOP_S, find_sound, frame_levels_db
from voxgate.serving.releases.signals import measure_signal
from voxgate.serving.requests import SpokenSentence
from voxgate.types import Wave

__all__ = ["MAX_HEARD_S", "MIN_HEARD_S", "Sound", "as_wave", "measure_sound", "without_pause"]

MAX_HEARD_S, MIN_HEARD_S = 30.0, 0.4
"""What the instruments can hear at all; a sentence outside it has failed without them."""

_QUIET_DB = 30.0
_END_S = 0.03
_FULL_SCALE = 32768.0


@dataclass(frozen=True, kw_only=True)
class Sound:
    """`faults` need no limit; `figures` are judged by calibrated ones.

    The figures: `phone_s` seconds of sound a phone; `pause_s` the longest stretch inside the
    sentence that is 30 dB below its loud frames; `floor_db` its quietest frames (5th percentile)
    against its loud ones (95th); `end_db` its last 30 ms against its loud frames: speech that ends
    by itself fades; `clipped` share of samples at full scale; `leading_s`, `trailing_s` silence at
    either end; `level_dbfs` mean power of its loud frames.
    """

    duration_s: float
    faults: tuple[str, ...]
    figures: Mapping[str, float]


def without_pause(spoken: SpokenSentence) -> SpokenSentence:
    """Return the sentence without the digital silence that stands before all but the first."""
    if spoken.place == 0:
        return spoken
    sounding = np.flatnonzero(spoken.pcm)
    return replace(spoken, pcm=spoken.pcm[sounding[0] :]) if len(sounding) else spoken


def as_wave(spoken: SpokenSentence) -> Wave:
    """Return its samples as a wave, at its own rate."""
    wave: Wave = (spoken.pcm.astype(np.float32) / _FULL_SCALE).astype(np.float32)
    return wave


def measure_sound(spoken: SpokenSentence, *, phones: int) -> Sound:
    """Measure a sentence of `phones` phones; its pause before it is not counted."""
    spoken = without_pause(spoken)
    signal = measure_signal([spoken])
    assert signal is not None, "one sentence was given"
    faults = {
        "empty": len(spoken.pcm) == 0,
        "silent": len(spoken.pcm) > 0 and signal.level_dbfs is None,
        "stopped_by_limit": signal.stopped_by_limit,
        "too_long": signal.duration_s > MAX_HEARD_S,
        "too_short": 0 < signal.duration_s < MIN_HEARD_S,
    }
    figures = {
        "clipped": signal.clipped,
        "leading_s": signal.leading_s,
        "trailing_s": signal.trailing_s,
    }
    if signal.level_dbfs is not None:
        sounding_s = signal.duration_s - signal.leading_s - signal.trailing_s
        figures |= {"level_dbfs": signal.level_dbfs, "phone_s": sounding_s / max(1, phones)}
        figures |= _inside(as_wave(spoken), spoken.sample_rate_hz)
    return Sound(
        duration_s=signal.duration_s,
        faults=tuple(name for name, there in faults.items() if there),
        figures=figures,
    )


def _inside(wave: Wave, rate_hz: int) -> dict[str, float]:
    bounds = find_sound(wave, rate_hz)
    levels = frame_levels_db(wave[bounds.start : bounds.end], rate_hz)
    if not len(levels):
        return {}
    loud, floor = (float(np.percentile(levels, share)) for share in (95.0, 5.0))
    return {
        "floor_db": floor - loud,
        "pause_s": _longest(levels < loud - _QUIET_DB) * HOP_S,
        # Of the whole wave: what was cut off has no silence after it.
        "end_db": float(frame_levels_db(wave, rate_hz)[-round(_END_S / HOP_S) :].mean()) - loud,
    }


def _longest(flags: NDArray[np.bool_]) -> int:
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return longest
