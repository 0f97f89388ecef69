"""Who speaks, as v2Pro and v2ProPlus are told it: one vector a clip, cached by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.content_cache import ContentCache
from voxgate.training.clip_features import ClipInput
from voxgate.types import Wave

__all__ = ["SpeakerVectors", "compute_speaker_vectors"]

_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""

Vectors = NDArray[np.float32]


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


def compute_speaker_vectors(
    clips: Iterable[ClipInput],
    read_wave: Callable[[ClipInput], Wave],
    *,
    encoder: SpeakerVectors,
    cache: ContentCache,
) -> dict[str, Vectors]:
    """Return the vector of every clip by clip_id."""
    found = {}
    for clip in clips:
        key = {
            "what": "speaker vector",
            "version": _VERSION,
            "audio": clip.audio_sha256,
            "trim": [clip.trim_start, clip.trim_end],
            "encoder": encoder.sha256,
        }
        stored = cache.get_arrays(key)
        if stored is None:
            stored = {"vector": encoder.compute(read_wave(clip), clip.sample_rate_hz)}
            cache.put_arrays(key, stored)
        found[clip.clip_id] = stored["vector"]
    return found
