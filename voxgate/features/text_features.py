"""Features of Chinese characters: computed, cached by text, and the files that hold them.

    text_features.npy           (N, C) float16, the characters of all clips in their order
    text_features_places.npy    (N, 3) int32: row of the clip in `clips.parquet`, the character's
                                first phone in the clip, and how many it has

    bert.json                   the digest of the network, of a voice that is to speak Chinese

A corpus without Chinese has none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.content_cache import ContentCache
from voxgate.errors import StageError
from voxgate.features.clip_features import ClipFeatures
from voxgate.files import write_path
from voxgate.voice.text_features import CharacterFeatures, Rows, TextFeatures, read_characters

__all__ = ["BERT_CARD", "compute_text_features", "read_text_features", "write_text_features"]

BERT_CARD = "bert.json"

_ROWS = "text_features.npy"
_PLACES = "text_features_places.npy"

_VERSION = 1
"""Raise when the code below starts to give other results for the same inputs."""


def compute_text_features(
    clips: Iterable[ClipFeatures], *, source: TextFeatures, channels: int, cache: ContentCache
) -> dict[str, CharacterFeatures]:
    """Return the features of every clip with Chinese in it, by recording_id.

    Raises:
        TextError, WeightsError: as `read_characters`.
    """
    cached = _CachedFeatures(source, cache)
    found = {
        entry.clip.recording_id: read_characters(entry.chinese, cached, channels=channels)
        for entry in clips
    }
    return {name: features for name, features in found.items() if features is not None}


def write_text_features(folder: Path, clips: Sequence[CharacterFeatures | None]) -> None:
    """Write both files for clips in the order of `clips.parquet`."""
    there = [(index, clip) for index, clip in enumerate(clips) if clip is not None]
    places = [
        np.column_stack([np.full(len(clip.places), index), clip.places]) for index, clip in there
    ]
    _save(folder / _ROWS, np.concatenate([clip.rows for _, clip in there]))
    _save(folder / _PLACES, np.concatenate(places).astype(np.int32))


def read_text_features(folder: Path, n_clips: int) -> list[CharacterFeatures | None]:
    """Return what each clip has, the rows mapped into memory.

    Raises:
        StageError: the files do not belong to each other or to so many clips.
    """
    if not (folder / _ROWS).is_file():
        return [None] * n_clips
    rows = np.load(folder / _ROWS, mmap_mode="r", allow_pickle=False)
    places = np.load(folder / _PLACES, allow_pickle=False)
    clip = places[:, 0]
    if len(rows) != len(places) or (np.diff(clip) < 0).any() or clip[-1] >= n_clips:
        raise StageError(
            f"{folder / _ROWS}: its {len(rows)} rows and the {len(places)} of {_PLACES} do not "
            f"belong to the {n_clips} clips of clips.parquet; run the stage that wrote them again"
        )
    ends = np.searchsorted(clip, np.arange(n_clips + 1))
    return [
        CharacterFeatures(rows[start:end], places[start:end, 1:]) if end > start else None
        for start, end in pairwise(ends)
    ]


@dataclass(frozen=True)
class _CachedFeatures:
    """Implements TextFeatures: a text that was read before asks the network nothing."""

    source: TextFeatures = field(repr=False)
    cache: ContentCache

    @property
    def sha256(self) -> str:
        return self.source.sha256

    def compute(self, text: str) -> Rows:
        key = {"what": "text features", "version": _VERSION, "text": text, "weights": self.sha256}
        stored = self.cache.get_arrays(key)
        if stored is None:
            stored = {"rows": self.source.compute(text)}
            self.cache.put_arrays(key, stored)
        return stored["rows"]


def _save(path: Path, values: NDArray[Any]) -> None:
    with write_path(path) as temporary, temporary.open("wb") as stream:
        np.save(stream, values, allow_pickle=False)
