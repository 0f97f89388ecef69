"""Speech that comes too late, too fast, with holes, or again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.drills.damage.anatomy import (
    as_wave,
    generator_of,
    quiet_point,
    samples_of,
)
from voxgate.evaluation.drills.damage.stretching import stretch
from voxgate.types import Wave

__all__ = [
    "TRUNCATED_SHARE",
    "drift_tempo",
    "drop_packets",
    "hurry",
    "insert_gaps",
    "linger",
    "repeat_end",
    "reverse_part",
    "silence",
    "slow_down",
    "start_late",
    "stutter",
    "truncate",
]

TRUNCATED_SHARE = 0.4
_GAP_S = 1.0
_GAPS = (1 / 3, 2 / 3)
_LATE_S = 2.0
_LINGERING_S = 3.0
_FASTER = 1.2
_SLOWER = 0.7
_DRIFT = (0.75, 1.5)
_STUTTER_S = 0.15
_STUTTERS = 3
_REVERSED_S = 0.3
_REPEATED_S = 1.0
_PACKET_S = 0.02
_LOST_PER_S = 5.0


def silence(wave: Wave) -> Wave:
    """Return silence as long as the wave."""
    return np.zeros_like(wave)


def truncate(wave: Wave) -> Wave:
    """Cut off the last 40 %."""
    return wave[: round((1 - TRUNCATED_SHARE) * len(wave))]


def insert_gaps(wave: Wave) -> Wave:
    """Insert a second of silence near one third and near two thirds of the sentence."""
    first, *others = np.split(wave, sorted(quiet_point(wave, share) for share in _GAPS))
    gap = _still(_GAP_S)
    return as_wave(np.concatenate([first, *(part for piece in others for part in (gap, piece))]))


def start_late(wave: Wave) -> Wave:
    """Put two seconds of silence before the sentence."""
    return as_wave(np.concatenate([_still(_LATE_S), wave]))


def linger(wave: Wave) -> Wave:
    """Put three seconds of silence after the sentence."""
    return as_wave(np.concatenate([wave, _still(_LINGERING_S)]))


def hurry(wave: Wave) -> Wave:
    """Speak 1.2 times as fast, at the same pitch."""
    return stretch(wave, lambda _share: _FASTER)


def slow_down(wave: Wave) -> Wave:
    """Speak 0.7 times as fast, at the same pitch."""
    return stretch(wave, lambda _share: _SLOWER)


def drift_tempo(wave: Wave) -> Wave:
    """Begin at 0.75 times the tempo and end at 1.5 times, at the same pitch."""
    first, last = _DRIFT
    return stretch(wave, lambda share: first + (last - first) * share)


def stutter(wave: Wave) -> Wave:
    """Say 150 ms three times more, in the middle of the sentence."""
    start = len(wave) // 2
    piece = wave[start : start + samples_of(_STUTTER_S)]
    return as_wave(np.concatenate([wave[:start], *[piece] * _STUTTERS, wave[start:]]))


def reverse_part(wave: Wave) -> Wave:
    """Play 300 ms in the middle of the sentence backwards."""
    start = max(0, (len(wave) - samples_of(_REVERSED_S)) // 2)
    part = slice(start, start + samples_of(_REVERSED_S))
    out = wave.copy()
    out[part] = wave[part][::-1]
    return out


def repeat_end(wave: Wave) -> Wave:
    """Say the last second of speech twice."""
    return as_wave(np.concatenate([wave, wave[-samples_of(_REPEATED_S) :]]))


def drop_packets(wave: Wave) -> Wave:
    """Lose five pieces of 20 ms in every second; silence is in their place."""
    packet = samples_of(_PACKET_S)
    packets = len(wave) // packet
    lost = round(_LOST_PER_S * len(wave) / samples_of(1.0))
    out = wave.copy()
    for number in generator_of(wave).permutation(packets)[:lost]:
        out[number * packet : (number + 1) * packet] = 0
    return out


def _still(seconds: float) -> NDArray[np.float32]:
    return np.zeros(samples_of(seconds), dtype=np.float32)
