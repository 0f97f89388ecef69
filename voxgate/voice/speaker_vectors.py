"""Who speaks, as v2Pro and v2ProPlus are told it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.types import Wave

__all__ = ["SpeakerVectors", "Vectors"]

Vectors = NDArray[np.float32]
"""(D,) one clip's vector."""


class SpeakerVectors(Protocol):
    """A frozen network that says who speaks."""

    @property
    def sha256(self) -> str:
        """Digest of the weights."""
        ...

    @property
    def size(self) -> int:
        """D, the size of a vector."""
        ...

    def compute(self, wave: Wave, sample_rate_hz: int) -> Vectors:
        """Return the (D,) float32 vector of a wave."""
        ...
