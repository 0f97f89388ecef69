"""A long recording as plain samples on disk, so that any part of it is read in no time.

Two files: mono at the recording's own rate, which clips are cut from, and mono at 16 kHz, which
instruments hear. Nothing is mapped: reading hours leaves no more in memory than one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.isolation import PATIENCE_S, DecoderProcess, Tell
from voxgate.audio.sample_files import HEARD_FILE, NATIVE_FILE, count_samples, read_samples
from voxgate.audio.shards import from_pcm16
from voxgate.audio.spooling import Spooled, write_samples
from voxgate.errors import StageError
from voxgate.files import digest_file, publish_directory, read_json, write_json
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["SPOOL_VERSION", "Part", "Spool", "SpoolFacts", "open_spool", "spool_recording"]

SPOOL_VERSION = 1
"""Raise it with every change that changes samples."""

_FACTS_FILE = "spool.json"


class Part(Protocol):
    """Samples `start` (inclusive) to `end` (exclusive) at 16 kHz, as `corpus.cutting.Span` has."""

    @property
    def start(self) -> int:
        """First sample."""
        ...

    @property
    def end(self) -> int:
        """Sample after the last."""
        ...


@dataclass(frozen=True, kw_only=True)
class SpoolFacts:
    """What a recording was and what was done to it.

    sample_rate_hz: of what is kept; lower than the source's where that is above 48 kHz.
    n_samples: at 16 kHz. n_native: at `sample_rate_hz`.
    actions: what was done (`downmixed`, `channel_taken:1:noisy`, `offset_removed`,
        `over_full_scale`, `extension_mismatch:mp3`).
    cut_short: a sentence that says how much of the file there is, where it ends too early.
    """

    name: str
    source_sha256: str
    container: str
    source_sample_rate_hz: int
    source_channels: int
    sample_rate_hz: int
    n_samples: int
    n_native: int
    clipped_fraction: float
    actions: tuple[str, ...] = ()
    cut_short: str | None = None


@dataclass(frozen=True)
class Spool:
    """The samples of one recording; cheap to pass on, safe to read from several processes."""

    folder: Path
    facts: SpoolFacts

    @property
    def n_samples(self) -> int:
        """Samples at 16 kHz."""
        return self.facts.n_samples

    @property
    def sample_rate_hz(self) -> int:
        """Rate of `read_native`."""
        return self.facts.sample_rate_hz

    def read(self, part: Part) -> Wave:
        """Read a part at 16 kHz: (part.end - part.start,) float32."""
        return from_pcm16(self._read(HEARD_FILE, part.start, part.end))

    def blocks(self, seconds: float = 30.0) -> Iterator[Wave]:
        """Read all of it at 16 kHz, block by block."""
        step = max(1, int(seconds * HEARING_RATE_HZ))
        for start in range(0, self.n_samples, step):
            end = min(start + step, self.n_samples)
            yield from_pcm16(self._read(HEARD_FILE, start, end))

    def read_native(self, part: Part) -> NDArray[np.int16]:
        """Read a part (in samples at 16 kHz) at the recording's own rate."""
        rate = self.sample_rate_hz
        if rate == HEARING_RATE_HZ:
            return self._read(HEARD_FILE, part.start, part.end)
        start, end = (round(at * rate / HEARING_RATE_HZ) for at in (part.start, part.end))
        return self._read(NATIVE_FILE, start, min(end, self.facts.n_native))

    def _read(self, name: str, start: int, end: int) -> NDArray[np.int16]:
        path = self.folder / name
        found = read_samples(path, start, end)
        if len(found) != end - start:
            raise StageError(
                f"{path}: expected samples {start} to {end}, got {len(found)} of them; delete the "
                "folder and run again"
            )
        return found


def spool_recording(
    path: Path,
    folder: Path,
    *,
    min_sample_rate_hz: int,
    told: Tell | None = None,
    patience_s: float = PATIENCE_S,
) -> Spool:
    """Decode `path` into `folder` in a process of its own; what is there already is taken.

    `told` hears now and then how many seconds are done. A process that gives no sign of life for
    `patience_s` is ended.

    Raises:
        RecordingError: the recording cannot be used: the codes of `stream_sound`, `not_finite`, and
            `decoder_failed`.
        StorageError: the disk refused; nothing is left.
    """
    digest = digest_file(path) if path.is_file() else ""
    known = open_spool(folder)
    if known is not None and known.facts.source_sha256 == digest:
        return known
    with (
        publish_directory(folder) as temporary,
        DecoderProcess(_write, patience_s=patience_s) as process,
    ):
        order = _Order(temporary, min_sample_rate_hz)
        spooled: Spooled = process.ask(path, order, told=told)
        facts = SpoolFacts(name=path.name, source_sha256=digest, **vars(spooled))
        write_json(temporary / _FACTS_FILE, {"version": SPOOL_VERSION, **asdict(facts)})
    return Spool(folder, facts)


def open_spool(folder: Path) -> Spool | None:
    """Return what `spool_recording` left in `folder`; None if it is absent or not whole."""
    try:
        stored = read_json(folder / _FACTS_FILE)
        if stored.pop("version") != SPOOL_VERSION:
            return None
        facts = SpoolFacts(**stored | {"actions": tuple(stored["actions"])})
        whole = count_samples(folder / HEARD_FILE) == facts.n_samples and (
            facts.sample_rate_hz == HEARING_RATE_HZ
            or count_samples(folder / NATIVE_FILE) == facts.n_native
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Spool(folder, facts) if whole else None


@dataclass(frozen=True)
class _Order:
    folder: Path
    min_sample_rate_hz: int


def _write(path: Path, order: _Order, tell: Tell) -> Spooled:
    return write_samples(path, order.folder, min_sample_rate_hz=order.min_sample_rate_hz, tell=tell)
