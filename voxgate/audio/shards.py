"""Prepared audio in a few large files: DVC and file systems are slow with thousands of small ones.

A shard is a 1-D int16 array in NumPy's format, so that reading one clip is a memory map away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import StageError
from voxgate.files import write_path
from voxgate.types import Wave

__all__ = ["Place", "ShardReader", "ShardWriter", "from_pcm16", "to_pcm16"]

Pcm16 = NDArray[np.int16]

SHARD_SAMPLES = 16_000_000
"""A shard is closed at this size: 32 MB, about 17 minutes at 16 kHz."""

_FULL_SCALE = 32_768.0


def to_pcm16(wave: Wave) -> Pcm16:
    """Round to 16 bits; what lies outside [-1, 1) saturates."""
    scaled = np.rint(wave.astype(np.float64) * _FULL_SCALE)
    return np.clip(scaled, -32_768, 32_767).astype(np.int16)


def from_pcm16(pcm: Pcm16) -> Wave:
    """Return float32 in [-1, 1)."""
    return (pcm.astype(np.float32)) / np.float32(_FULL_SCALE)


@dataclass(frozen=True)
class Place:
    """Where a clip lies: its shard's number, the first sample, the number of samples."""

    shard: int
    offset: int
    n_samples: int

    def part(self, start: int, end: int) -> Place:
        """Return where `wave[start:end]` of the clip lies; both bounds in samples of the clip."""
        return Place(self.shard, self.offset + start, end - start)


def shard_path(folder: Path, shard: int) -> Path:
    """Return the path of shard number `shard`."""
    return folder / f"shard-{shard:03d}.npy"


@dataclass
class ShardWriter:
    """Packs clips in the order in which they come. Use as a context manager.

    The same clips in the same order give the same bytes. The shards are complete only after the
    `with` block; a block that ends with an exception writes no further shard.
    """

    folder: Path
    shard_samples: int = SHARD_SAMPLES
    _parts: list[Pcm16] = field(default_factory=list)
    _filled: int = 0
    _shard: int = 0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None and (self._parts or self._shard == 0):
            self._flush()

    def add(self, pcm: Pcm16) -> Place:
        """Append one clip.

        Raises:
            StorageError: the disk refused.
        """
        if self._parts and self._filled + len(pcm) > self.shard_samples:
            self._flush()
        place = Place(self._shard, self._filled, len(pcm))
        self._parts.append(pcm)
        self._filled += len(pcm)
        return place

    def _flush(self) -> None:
        data = np.concatenate([np.zeros(0, dtype=np.int16), *self._parts])
        path = shard_path(self.folder, self._shard)
        with write_path(path) as temporary, temporary.open("wb") as stream:
            np.save(stream, data, allow_pickle=False)
        self._parts, self._filled, self._shard = [], 0, self._shard + 1


@dataclass
class ShardReader:
    """Reads clips out of shards; each shard is mapped once and never loaded whole."""

    folder: Path
    _maps: dict[int, Pcm16] = field(default_factory=dict)

    def read(self, place: Place) -> Wave:
        """Read one clip as float32.

        Raises:
            StageError: the shard is missing or shorter than the index says.
        """
        return from_pcm16(self.read_pcm16(place))

    def read_pcm16(self, place: Place) -> Pcm16:
        """Read one clip as it is stored: (n_samples,) int16."""
        pcm = self._map(place.shard)[place.offset : place.offset + place.n_samples]
        if len(pcm) != place.n_samples or place.offset < 0:
            raise StageError(
                f"{shard_path(self.folder, place.shard)}: expected {place.n_samples} samples from "
                f"{place.offset}, got {len(pcm)}; the index and the audio are of different runs. "
                "Run the stage that wrote it again."
            )
        return np.asarray(pcm)

    def _map(self, shard: int) -> Pcm16:
        if shard not in self._maps:
            path = shard_path(self.folder, shard)
            try:
                mapped = np.load(path, mmap_mode="r", allow_pickle=False)
            except FileNotFoundError:
                raise StageError(f"{path} is missing; run the stage that writes it again") from None
            except (ValueError, EOFError, OSError) as error:
                raise StageError(
                    f"{path} is damaged ({error}); run the stage that wrote it again"
                ) from error
            self._maps[shard] = mapped
        return self._maps[shard]
