"""Put pieces of speech one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voxgate.types import Wave

__all__ = ["join_with_pauses"]


def join_with_pauses(waves: Sequence[Wave], *, pause_samples: int) -> Wave:
    """Concatenate waves with silence between them, and none at the ends."""
    pause = np.zeros(pause_samples, dtype=np.float32)
    parts = [part for wave in waves for part in (pause, wave)][1:]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
