"""Files of plain samples, (T,) int16, little-endian: written as they come, read in parts."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
import soxr
from numpy.typing import NDArray

from voxgate.audio.shards import to_pcm16
from voxgate.errors import StorageError
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["HEARD_FILE", "NATIVE_FILE", "SampleWriter", "count_samples", "read_samples"]

HEARD_FILE, NATIVE_FILE = "heard.pcm", "native.pcm"
"""At 16 kHz, and at the recording's own rate; the second is absent where that is the same."""

_TYPE = np.dtype("<i2")


@dataclass
class SampleWriter:
    """Writes one wave at two rates into a folder. Use as a context manager.

    source_rate_hz: of what comes in. kept_rate_hz: of the recording's own file.
    """

    folder: Path
    source_rate_hz: int
    kept_rate_hz: int
    n_native: int = field(default=0, init=False)
    n_heard: int = field(default=0, init=False)
    _files: ExitStack = field(default_factory=ExitStack, init=False)

    def __post_init__(self) -> None:
        self._lower = _resampler(self.source_rate_hz, self.kept_rate_hz)
        self._hear = _resampler(self.kept_rate_hz, HEARING_RATE_HZ)

    def __enter__(self) -> Self:
        self._heard = self._open(HEARD_FILE)
        self._native = None if self._hear is None else self._open(NATIVE_FILE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        with self._files:
            if error is None:
                self._write(np.zeros(0, dtype=np.float32), last=True)
                self._flush()

    def add(self, wave: Wave) -> None:
        """Write the next samples; what is outside [-1, 1) saturates.

        Raises:
            StorageError: the disk refused; so does the end of the context.
        """
        self._write(wave, last=False)

    def _write(self, wave: Wave, *, last: bool) -> None:
        native = _resampled(self._lower, wave, last=last)
        heard = _resampled(self._hear, native, last=last)
        self.n_heard += _store(self._heard, heard)
        self.n_native += len(native) if self._native is None else _store(self._native, native)

    def _flush(self) -> None:
        for file in (self._heard, self._native):
            if file is not None:
                try:
                    os.fsync(file.fileno())
                except OSError as error:
                    raise _refused(error) from error

    def _open(self, name: str) -> BinaryIO:
        try:
            # Unbuffered: a full disk is met where something is written, and not at the closing.
            return self._files.enter_context((self.folder / name).open("wb", buffering=0))
        except OSError as error:
            raise _refused(error) from error


def read_samples(path: Path, start: int, end: int) -> NDArray[np.int16]:
    """Read samples [start, end); fewer at the end of the file."""
    # Not mapped: pages of a map count as memory, and hours of them as gigabytes.
    found = np.fromfile(path, dtype=_TYPE, count=end - start, offset=start * _TYPE.itemsize)
    return found.astype(np.int16, copy=False)


def count_samples(path: Path) -> int:
    """Return how many samples a file holds."""
    return path.stat().st_size // _TYPE.itemsize


def _resampler(source_hz: int, target_hz: int) -> Any | None:
    if source_hz == target_hz:
        return None
    return soxr.ResampleStream(source_hz, target_hz, 1, dtype="float32", quality="VHQ")


def _resampled(resampler: Any | None, wave: Wave, *, last: bool) -> Wave:
    if resampler is None:
        return wave
    out: Wave = resampler.resample_chunk(wave, last=last)
    return out


def _store(file: BinaryIO, wave: Wave) -> int:
    rest = memoryview(to_pcm16(wave).astype(_TYPE, copy=False).tobytes())
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        raise _refused(error) from error
    return len(wave)


def _refused(error: OSError) -> StorageError:
    return StorageError(
        f"cannot write the samples of a recording: {error.strerror or error}; nothing of it is "
        "left. Free space (an hour needs up to 0.5 GB) or correct the permissions, then run again."
    )
