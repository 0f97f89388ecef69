"""The clips that the models are trained on, as `featurize` left them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import ShardReader
from voxgate.errors import StageError
from voxgate.features.featurised_clips import (
    FeaturisedClip,
    count_featurised,
    read_featurised,
)
from voxgate.features.speaker_vectors import read_speaker_vectors
from voxgate.features.splits import TRAIN, VALIDATION
from voxgate.features.text_features import read_text_features
from voxgate.types import Wave
from voxgate.voice.text_features import CharacterFeatures

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

    text_features: CharacterFeatures | None = None
    """Of its Chinese characters, mapped into memory; None where there are none, or the preset has
    no use for them."""


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
    splits: dict[str, list[TrainingClip]] = {TRAIN: [], VALIDATION: []}
    n_clips = count_featurised(folder)
    vectors = read_speaker_vectors(folder, n_clips)
    characters = read_text_features(folder, n_clips)
    for index, clip in enumerate(read_featurised(folder)):
        if clip.cut.split in splits:
            splits[clip.cut.split].append(
                replace(
                    _clip(clip, shards),
                    speaker_vector=None if vectors is None else vectors[index],
                    text_features=characters[index],
                )
            )
    for clips in splits.values():
        clips.sort(key=lambda clip: clip.clip_id)
    return FeatureSet(train=tuple(splits[TRAIN]), validation=tuple(splits[VALIDATION]))


def _clip(clip: FeaturisedClip, shards: ShardReader) -> TrainingClip:
    return TrainingClip(
        clip_id=clip.cut.clip_id,
        text=clip.cut.text,
        phones=np.asarray(clip.phones, dtype=np.int64),
        tokens=np.asarray(clip.tokens, dtype=np.int64),
        read_wave=partial(shards.read, clip.cut.place),
    )
