"""The file of `build/featurize` that holds one speaker vector a clip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import StageError
from voxgate.files import write_path

__all__ = ["read_speaker_vectors", "write_speaker_vectors"]

_FILE = "speaker_vectors.npy"

Vectors = NDArray[np.float32]


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
