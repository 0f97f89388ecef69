"""One speaker vector a clip: computed, cached by content, and the file that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from voxgate.content_cache import ContentCache
from voxgate.errors import StageError
from voxgate.features.clip_features import AcceptedClip
from voxgate.files import write_path
from voxgate.types import Wave
from voxgate.voice.speaker_vectors import SpeakerVectors, Vectors

__all__ = ["compute_speaker_vectors", "read_speaker_vectors", "write_speaker_vectors"]

_FILE = "speaker_vectors.npy"

_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""


def compute_speaker_vectors(
    clips: Iterable[AcceptedClip],
    read_wave: Callable[[AcceptedClip], Wave],
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


def write_speaker_vectors(folder: Path, rows: list[Vectors]) -> None:
    """Write the vectors as (clips, D) float32, in the order of `clips.parquet`."""
    with write_path(folder / _FILE) as temporary, temporary.open("wb") as stream:
        np.save(stream, np.stack(rows).astype(np.float32), allow_pickle=False)


def read_speaker_vectors(folder: Path, n_clips: int) -> list[Vectors] | None:
    """Return the rows, mapped into memory; None if the features have no speaker vectors.

    Raises:
        StageError: there are more or fewer than clips.
    """
    path = folder / _FILE
    if not path.is_file():
        return None
    rows = np.load(path, mmap_mode="r", allow_pickle=False)
    if len(rows) != n_clips:
        raise StageError(
            f"{path}: expected {n_clips} rows as clips.parquet has, got {len(rows)}; run the stage "
            "that wrote them again"
        )
    return list(rows)
