"""Prepared audio in a few large files: DVC and file systems are slow with thousands of small ones.

A shard is a 1-D int16 array in NumPy's format: where a clip lies in the file is plain to compute.
"""

from __future__ import annotations

import os
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from tokenize import TokenError
from typing import Self

import numpy as np
import numpy.lib.format as npy
from numpy.typing import NDArray

from voxgate.errors import StageError
from voxgate.files import write_path
from voxgate.types import Wave

__all__ = ["Place", "ShardReader", "ShardWriter", "from_pcm16", "to_pcm16"]

Pcm16 = NDArray[np.int16]

SHARD_SAMPLES = 16_000_000
"""A shard is closed at this size: 32 MB, about 17 minutes at 16 kHz."""

MAX_OPEN = 64
"""Shards that a reader keeps open, 18 hours at 16 kHz: who replaces the folder meanwhile does not
change those."""

_FULL_SCALE = 32_768.0
_SAMPLE = np.dtype("<i2")


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
    """Reads clips out of shards: each costs a read of its own bytes, and no memory after that.

    At most `MAX_OPEN` shards are open, those that were read last. Threads may share a reader; what
    another process gets of it opens the shards anew.
    """

    folder: Path
    _open: OrderedDict[int, _Shard] = field(default_factory=OrderedDict, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[ShardReader], tuple[Path]]:
        return ShardReader, (self.folder,)

    def read(self, place: Place) -> Wave:
        """Read one clip as float32.

        Raises:
            StageError: the shard is missing, damaged, or shorter than the index says.
        """
        return from_pcm16(self.read_pcm16(place))

    def read_pcm16(self, place: Place) -> Pcm16:
        """Read one clip as it is stored: (n_samples,) int16, which nobody may write into.

        Raises:
            StageError: as `read`.
        """
        pcm = self._shard(place.shard).read(place.offset, place.n_samples)
        if len(pcm) != place.n_samples:
            raise StageError(
                f"{shard_path(self.folder, place.shard)}: expected {place.n_samples} samples from "
                f"{place.offset}, got {len(pcm)}; the index and the audio are of different runs. "
                "Run the stage that wrote it again."
            )
        return pcm

    def _shard(self, number: int) -> _Shard:
        with self._lock:
            shard = self._open.get(number) or _open_shard(shard_path(self.folder, number))
            self._open[number] = shard
            self._open.move_to_end(number)
            while len(self._open) > MAX_OPEN:
                self._open.popitem(last=False)
        return shard


class _Shard:
    """An open shard; it is closed when nobody reads it any more."""

    def __init__(self, handle: int, *, data_start: int, n_samples: int) -> None:
        self._handle, self._data_start, self._n_samples = handle, data_start, n_samples
        weakref.finalize(self, os.close, handle)

    def read(self, offset: int, n_samples: int) -> Pcm16:
        """Return the samples that are there of those asked for."""
        there = max(0, min(n_samples, self._n_samples - offset)) if offset >= 0 else 0
        start, wanted = self._data_start + offset * _SAMPLE.itemsize, there * _SAMPLE.itemsize
        data = b""
        while len(data) < wanted:
            block = os.pread(self._handle, wanted - len(data), start + len(data))
            if not block:  # the file was cut since it was opened
                break
            data += block
        whole = len(data) // _SAMPLE.itemsize
        return np.frombuffer(data, dtype=_SAMPLE, count=whole).astype(np.int16, copy=False)


def _open_shard(path: Path) -> _Shard:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise StageError(f"{path} is missing; run the stage that writes it again") from None
    except OSError as error:
        raise _damaged(path, error) from error
    try:
        data_start, n_samples = _read_header(handle)
    except (ValueError, SyntaxError, TokenError, OSError) as error:  # a header is Python to NumPy
        os.close(handle)
        raise _damaged(path, error) from error
    return _Shard(handle, data_start=data_start, n_samples=n_samples)


def _read_header(handle: int) -> tuple[int, int]:
    """Return where the samples begin, in bytes, and how many there are."""
    with open(handle, "rb", closefd=False) as stream:
        version = npy.read_magic(stream)
        if version != (1, 0):  # what `np.save` writes of a plain array
            raise ValueError(f"expected NumPy's format 1.0, got {version}")
        shape, _, dtype = npy.read_array_header_1_0(stream)
        start = stream.tell()
    if dtype != _SAMPLE or len(shape) != 1:
        raise ValueError(f"expected a row of 16-bit samples, got {dtype} {shape}")
    size = os.fstat(handle).st_size
    if size < (needed := start + shape[0] * _SAMPLE.itemsize):
        raise ValueError(f"expected {needed} bytes, got {size}")
    return start, int(shape[0])


def _damaged(path: Path, error: Exception) -> StageError:
    return StageError(f"{path} is damaged ({error}); run the stage that wrote it again")
