"""A resumable cache of encoder features of the corpus, 50 frames a second.

One file a shard, written when the shard is done. N tokens of a clip, T = 2N feature frames, C
channels.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.files import write_path
from voxgate.pretraining.speech.shards import Item, load_wave, read_items, shard_numbers

__all__ = ["ClipFeatures", "LayerExtractor", "cache_features", "read_features"]

_log = logging.getLogger(__name__)
Floats = NDArray[np.float32]


class LayerExtractor(Protocol):
    """A frozen network whose blocks' outputs are candidates for the tokenizer."""

    def extract_layers(self, wave: Floats) -> Mapping[str, Floats]:
        """Return (T, C) float32 for each layer's name; 16 kHz in, 50 frames a second out."""
        ...


@dataclass(frozen=True)
class ClipFeatures:
    """frames: (2N, C); mean: (C,) over all frames of the clip, an odd last one included."""

    item: Item
    frames: Floats
    mean: Floats


def cache_features(
    corpus: Path, cache: Path, extractor: LayerExtractor, *, shards: Sequence[int] | None = None
) -> None:
    """Extract every finished shard (or those of `shards`) that the cache lacks."""
    for number in shard_numbers(corpus) if shards is None else shards:
        path = cache / f"{number:06d}.npz"
        if path.exists():
            continue
        arrays: dict[str, NDArray[np.float16]] = {}
        for item in read_items(corpus, shards=[number]):
            for layer, frames in extractor.extract_layers(load_wave(corpus, item)).items():
                rows = np.vstack([frames.mean(axis=0, keepdims=True), _even(frames)])
                arrays[f"{layer}/{item.item_id}"] = rows.astype(np.float16)
        with write_path(path) as temporary, temporary.open("wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]
        _log.info("shard %d: %d feature arrays", number, len(arrays))


def read_features(corpus: Path, cache: Path, layer: str) -> list[ClipFeatures]:
    """Return the cached clips of one layer, in the order of the corpus."""
    clips: list[ClipFeatures] = []
    for path in sorted(cache.glob("*.npz")):
        with np.load(path) as arrays:
            for item in read_items(corpus, shards=[int(path.stem)]):
                rows = arrays[f"{layer}/{item.item_id}"].astype(np.float32)
                clips.append(ClipFeatures(item, rows[1:], rows[0]))
    return clips


def _even(frames: Floats) -> Floats:
    return frames[: len(frames) // 2 * 2]
