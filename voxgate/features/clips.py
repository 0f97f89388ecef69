"""The clips that the models are trained on, as `featurize` left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from voxgate.audio.shards import ShardReader
from voxgate.errors import StageError
from voxgate.features.speaker_vectors import read_speaker_vectors
from voxgate.types import Wave

__all__ = ["FeatureSet", "TrainingClip", "read_feature_set"]

Ids = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class TrainingClip:
    """One clip. The audio is read when it is asked for: a corpus need not fit into memory."""

    clip_id: str
    text: str
    phones: Ids
    """(P,) indices into the phoneme table."""

    tokens: Ids
    """(N,) speech tokens, 25 a second."""

    read_wave: Callable[[], Wave]
    """Returns (T,) float32 in [-1, 1] at the rate of the prepared audio."""

    speaker_vector: NDArray[np.float32] | None = None
    """(D,) of the speaker-verification network, mapped into memory; None where the preset that the
    features were made for has no use for it."""


@dataclass(frozen=True, kw_only=True)
class FeatureSet:
    """The clips of each split, sorted by clip_id."""

    train: tuple[TrainingClip, ...]
    validation: tuple[TrainingClip, ...]

    def clip(self, clip_id: str) -> TrainingClip:
        """Return one training clip.

        Raises:
            StageError: there is none of that id.
        """
        for clip in self.train:
            if clip.clip_id == clip_id:
                return clip
        raise StageError(
            f"clip {clip_id} is not in the train split of build/featurize; run that stage again"
        )


def read_feature_set(folder: Path) -> FeatureSet:
    """Read `clips.parquet` and open the shards of `build/featurize`."""
    shards = ShardReader(folder / "audio")
    splits: dict[str, list[TrainingClip]] = {"train": [], "validation": []}
    rows = pq.read_table(folder / "clips.parquet").to_pylist()
    vectors = read_speaker_vectors(folder, len(rows))
    for index, row in sorted(enumerate(rows), key=lambda pair: str(pair[1]["clip_id"])):
        if row["split"] in splits:
            vector = None if vectors is None else vectors[index]
            splits[row["split"]].append(_clip(row, shards, vector))
    return FeatureSet(train=tuple(splits["train"]), validation=tuple(splits["validation"]))


def _clip(
    row: Mapping[str, Any], shards: ShardReader, vector: NDArray[np.float32] | None
) -> TrainingClip:
    return TrainingClip(
        clip_id=row["clip_id"],
        text=row["text"],
        phones=np.asarray(row["phones"], dtype=np.int64),
        tokens=np.asarray(row["tokens"], dtype=np.int64),
        read_wave=partial(shards.read, row["shard"], row["offset"], row["n_samples"]),
        speaker_vector=vector,
    )
