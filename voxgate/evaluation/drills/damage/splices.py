"""Two waves made one: another speaker in the middle, or something before or after."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.drills.damage.anatomy import (
    as_wave,
    quiet_point,
    samples_of,
    speech_power,
)
from voxgate.types import Wave

__all__ = ["append", "prepend", "replace_middle"]

_THIRDS = (1 / 3, 2 / 3)
_FADE_S = 0.01


def replace_middle(own: Wave, other: Wave) -> Wave:
    """Take the middle third from `other`, who says the same, at the level of `own`.

    Both are cut where they are quiet, near the same shares of their lengths.
    """
    first, last = (quiet_point(own, share) for share in _THIRDS)
    begin, end = (quiet_point(other, share) for share in _THIRDS)
    return _joined([own[:first], _as_loud(other, own)[begin:end], own[last:]])


def append(own: Wave, other: Wave) -> Wave:
    """Let `other` follow, at the level of `own`."""
    return _joined([own, _as_loud(other, own)])


def prepend(own: Wave, other: Wave) -> Wave:
    """Let `other` come first, at the level of `own`."""
    return _joined([_as_loud(other, own), own])


def _as_loud(wave: Wave, model: Wave) -> Wave:
    power = speech_power(wave)
    return as_wave(wave * (speech_power(model) / power) ** 0.5) if power else wave


def _joined(pieces: list[Wave]) -> Wave:
    """Join pieces; each fades over 10 ms, so that no joint clicks."""
    return as_wave(np.concatenate([_faded(piece) for piece in pieces]))


def _faded(piece: Wave) -> NDArray[np.float64]:
    length = min(samples_of(_FADE_S), len(piece) // 2)
    out = piece.astype(np.float64)
    if length:
        ramp = np.linspace(0, 1, length, endpoint=False)
        out[:length] *= ramp
        out[-length:] *= ramp[::-1]
    return out
