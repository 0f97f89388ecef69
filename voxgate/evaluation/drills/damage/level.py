"""Speech that is too quiet, too loud, or now this and now that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voxgate.evaluation.drills.damage.anatomy import as_wave, samples_of
from voxgate.types import Wave

__all__ = ["add_offset", "fade_out", "jump_level", "overdrive", "quieten"]

_QUIETER_DB = 20.0
_LOUDER_DB = 18.0
_JUMP_DB = 12.0
_JUMP_S = 0.7
_FADED_DB = 30.0
_OFFSET = 0.05


def quieten(wave: Wave) -> Wave:
    """Lower the level by 20 dB."""
    return as_wave(wave * _gain(-_QUIETER_DB))


def overdrive(wave: Wave) -> Wave:
    """Raise the level by 18 dB and clip what does not fit."""
    return as_wave(wave * _gain(_LOUDER_DB))


def jump_level(wave: Wave) -> Wave:
    """Lower every second stretch of 0.7 s by 12 dB."""
    lowered = (np.arange(len(wave)) // samples_of(_JUMP_S)) % 2 == 1
    return as_wave(np.where(lowered, wave * _gain(-_JUMP_DB), wave))


def fade_out(wave: Wave) -> Wave:
    """Lower the level steadily, to 30 dB less at the end."""
    return as_wave(wave * _gain(-_FADED_DB * np.linspace(0, 1, len(wave))))


def add_offset(wave: Wave) -> Wave:
    """Add a constant of a twentieth of full scale."""
    return as_wave(wave + _OFFSET)


def _gain(level_db: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(10 ** (np.asarray(level_db) / 20))
