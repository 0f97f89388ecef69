"""The speaker's own recordings, as `featurize` left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from voxgate.audio.shards import ShardReader
from voxgate.errors import StageError
from voxgate.evaluation.durations import speaking_rate
from voxgate.evaluation.reference import RealClip

__all__ = ["Recordings", "read_recordings"]

_COLUMNS = ["clip_id", "split", "text", "duration_s", "shard", "offset", "n_samples"]


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """Real clips that frame the scores, and how fast the speaker talks."""

    clips: tuple[RealClip, ...]
    letters_per_s: float


def read_recordings(folder: Path, *, train_clips: int, min_train_clip_s: float) -> Recordings:
    """Read all held-out clips and the first `train_clips` training clips by clip id.

    Args:
        folder: build/featurize.
        train_clips: how many training clips to read; they only widen the same-speaker
            distribution.
        min_train_clip_s: shorter training clips are passed over.

    Raises:
        StageError: the table is absent.
    """
    path = folder / "clips.parquet"
    if not path.is_file():
        raise StageError(f"{path} is missing; run `dvc repro featurize` first")
    rows = sorted(
        pq.read_table(path, columns=_COLUMNS).to_pylist(), key=lambda row: str(row["clip_id"])
    )
    training = [row for row in rows if row["split"] == "train"]
    long = [row for row in training if row["duration_s"] >= min_train_clip_s]
    held_out = [row for row in rows if row["split"] != "train"]
    return Recordings(
        clips=tuple(_clips(folder, held_out + long[:train_clips])),
        letters_per_s=speaking_rate((row["text"], row["duration_s"]) for row in training),
    )


def _clips(folder: Path, rows: Sequence[dict[str, Any]]) -> list[RealClip]:
    reader = ShardReader(folder / "audio")
    return [
        RealClip(
            clip_id=row["clip_id"],
            role=row["split"],
            text=row["text"],
            wave=reader.read(row["shard"], row["offset"], row["n_samples"]),
        )
        for row in rows
    ]
