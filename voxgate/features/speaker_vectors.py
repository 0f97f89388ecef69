"""One speaker vector a clip: computed, cached by content, and the file that holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voxgate.content_cache import ContentCache
from voxgate.errors import StageError
from voxgate.executors import Executor, Work, values
from voxgate.features.clip_features import AcceptedClip
from voxgate.files import write_path
from voxgate.types import Wave
from voxgate.voice.speaker_vectors import SpeakerVectors, Vectors

__all__ = [
    "Heard",
    "PooledSpeakerVectors",
    "compute_speaker_vectors",
    "read_speaker_vectors",
    "write_speaker_vectors",
]

_FILE = "speaker_vectors.npy"

_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""


@dataclass(frozen=True)
class Heard:
    """A wave and its sample rate."""

    wave: Wave
    sample_rate_hz: int


@dataclass(frozen=True)
class PooledSpeakerVectors:
    """A speaker network that workers load when there is something to hear.

    work: answers with the network's `compute`.
    sha256: digest of the weights.
    """

    executor: Executor
    work: Work[Heard, Vectors]
    sha256: str

    def compute_each(self, waves: Iterable[Heard]) -> Iterator[Vectors]:
        """Return one vector a wave, in order.

        Raises:
            WeightsError: the network cannot be loaded.
            EvaluatorError: a wave is too short or not finite.
        """
        return values(self.executor.map_ordered(self.work, waves))


def compute_speaker_vectors(
    clips: Iterable[AcceptedClip],
    read_wave: Callable[[AcceptedClip], Wave],
    *,
    encoder: SpeakerVectors | PooledSpeakerVectors,
    cache: ContentCache,
) -> dict[str, Vectors]:
    """Return the vector of every clip by clip_id."""
    found: dict[str, Vectors | None] = {}
    missing = []
    for clip in clips:
        stored = cache.get_arrays(_key(clip, encoder.sha256))
        found[clip.clip_id] = None if stored is None else stored["vector"]
        if stored is None:
            missing.append(clip)
    waves = (Heard(read_wave(clip), clip.sample_rate_hz) for clip in missing)
    for clip, vector in zip(missing, _compute_each(encoder, waves), strict=True):
        cache.put_arrays(_key(clip, encoder.sha256), {"vector": vector})
        found[clip.clip_id] = vector
    return {name: vector for name, vector in found.items() if vector is not None}


def _compute_each(
    encoder: SpeakerVectors | PooledSpeakerVectors, waves: Iterable[Heard]
) -> Iterator[Vectors]:
    if isinstance(encoder, PooledSpeakerVectors):
        return encoder.compute_each(waves)
    return (encoder.compute(heard.wave, heard.sample_rate_hz) for heard in waves)


def _key(clip: AcceptedClip, sha256: str) -> dict[str, object]:
    return {
        "what": "speaker vector",
        "version": _VERSION,
        "audio": clip.audio_sha256,
        "trim": [clip.trim_start, clip.trim_end],
        "encoder": sha256,
    }


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
