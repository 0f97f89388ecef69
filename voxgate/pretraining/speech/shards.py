"""Shards of the pretraining corpus: one FLAC of many readings, and a JSONL index beside it.

A shard exists when its index exists: the audio is written first, each file under a temporary name
and renamed, so that a killed writer loses its unfinished shard and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from voxgate.errors import StorageError
from voxgate.files import canonical_json, write_path, write_text
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Item", "load_wave", "read_items", "shard_numbers", "write_shard"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One reading: where it lies (`start` and `samples` at 16 kHz in `shard`) and what it is.

    `ipa` is what the teacher read (espeak-ng's IPA, ties `^`), not a measurement of the audio.
    """

    item_id: int
    shard: int
    start: int
    samples: int
    voice: str
    speed: float
    kind: str
    text: str
    ipa: str

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples / HEARING_RATE_HZ


def write_shard(directory: Path, items: Sequence[Item], waves: Sequence[Wave]) -> None:
    """Write the audio (16 kHz, 16 bit) and then the index of one shard.

    Raises:
        StorageError: the disk refused, or the items do not describe the waves.
    """
    import soundfile

    if [item.samples for item in items] != [len(wave) for wave in waves]:
        raise StorageError(f"shard in {directory}: lengths of items and waves differ")
    audio = np.concatenate(waves) if waves else np.zeros(1, np.float32)
    number = items[0].shard
    with write_path(_audio_path(directory, number)) as path:
        soundfile.write(path, audio, HEARING_RATE_HZ, format="FLAC", subtype="PCM_16")
    lines = "".join(canonical_json(asdict(item)) + "\n" for item in items)
    write_text(_index_path(directory, number), lines)


def shard_numbers(directory: Path) -> list[int]:
    """Return the numbers of the finished shards, ascending."""
    return sorted(int(path.stem) for path in directory.glob("*.jsonl") if path.stem.isdigit())


def read_items(directory: Path, *, shards: Sequence[int] | None = None) -> Iterator[Item]:
    """Yield the items of all finished shards (or of `shards`), in order."""
    for number in shard_numbers(directory) if shards is None else shards:
        for line in _index_path(directory, number).read_text(encoding="utf-8").splitlines():
            yield Item(**json.loads(line))


def load_wave(directory: Path, item: Item) -> Wave:
    """Return the audio of `item`: (samples,) float32 in [-1, 1] at 16 kHz."""
    import soundfile

    path = _audio_path(directory, item.shard)
    wave, rate = soundfile.read(
        path, start=item.start, stop=item.start + item.samples, dtype="float32"
    )
    if rate != HEARING_RATE_HZ or len(wave) != item.samples:
        raise StorageError(
            f"{path}: {len(wave)} samples at {rate} Hz for item {item.item_id}, expected "
            f"{item.samples} at {HEARING_RATE_HZ} Hz; delete the shard and generate it again"
        )
    return np.asarray(wave, dtype=np.float32)


def _audio_path(directory: Path, number: int) -> Path:
    return directory / f"{number:06d}.flac"


def _index_path(directory: Path, number: int) -> Path:
    return directory / f"{number:06d}.jsonl"
