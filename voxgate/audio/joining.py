"""Put pieces of speech one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voxgate.types import Wave

__all__ = ["crossfade", "join_with_pauses"]


def join_with_pauses(waves: Sequence[Wave], *, pause_samples: int) -> Wave:
    """Concatenate waves with silence between them, and none at the ends."""
    pause = np.zeros(pause_samples, dtype=np.float32)
    parts = [part for wave in waves for part in (pause, wave)][1:]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def crossfade(tail: Wave, wave: Wave) -> Wave:
    """Return `wave` whose beginning is faded in over a `tail` that says the same.

    The two are nearly equal, so the weights are linear and add up to 1.
    """
    size = min(len(tail), len(wave))
    if not size:
        return wave
    rising = ((np.arange(size) + 0.5) / size).astype(np.float32)
    joined = wave.copy()
    joined[:size] = tail[:size] * (1 - rising) + wave[:size] * rising
    return joined
