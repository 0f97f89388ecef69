"""clips.parquet of ingest: one row a recording, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from voxgate.audio.shards import Place
from voxgate.corpus.manifest import Recording
from voxgate.parquet import build_table, count_rows, read_rows, write_table

__all__ = [
    "INGESTED_SCHEMA",
    "Fault",
    "IngestedClip",
    "StoredAudio",
    "count_ingested",
    "ingested_clip",
    "ingested_row",
    "read_ingested",
    "write_ingested",
]

_FILE = "clips.parquet"

INGESTED_SCHEMA = pa.schema(
    [
        ("clip_id", pa.string()),
        ("recording_id", pa.string()),
        ("speaker_id", pa.string()),
        ("language", pa.string()),
        ("text", pa.string()),
        ("source_path", pa.string()),
        ("source_sha256", pa.string()),
        ("source_sample_rate_hz", pa.int32()),
        ("source_channels", pa.int16()),
        ("source_duration_s", pa.float64()),
        ("duration_s", pa.float64()),
        ("sample_rate_hz", pa.int32()),
        ("shard", pa.int32()),
        ("offset", pa.int64()),
        ("n_samples", pa.int64()),
        ("audio_sha256", pa.string()),
        ("gain_db", pa.float64()),
        ("source_loudness_lufs", pa.float64()),
        ("clipped_fraction", pa.float64()),
        ("actions", pa.list_(pa.string())),
        ("fault_code", pa.string()),
        ("fault_message", pa.string()),
    ]
)
"""Columns in order. With a fault, every column about audio is null; without one, both `fault_`
columns are. `source_loudness_lufs` is null for silence as well."""


@dataclass(frozen=True)
class Fault:
    """Why a recording cannot be used: a stable code, and a sentence that says what to do."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class StoredAudio:
    """Prepared audio in the shards: where it lies, what it was and what was done to it."""

    place: Place
    sample_rate_hz: int
    sha256: str
    source_sample_rate_hz: int
    source_channels: int
    source_duration_s: float
    source_loudness_lufs: float | None
    """None for silence."""

    clipped_fraction: float
    gain_db: float
    actions: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """Length of the prepared audio in seconds."""
        return self.place.n_samples / self.sample_rate_hz


@dataclass(frozen=True, kw_only=True)
class IngestedClip:
    """A recording after ingest; `audio` is None exactly where `fault` is not."""

    clip_id: str
    recording: Recording
    source_sha256: str | None
    audio: StoredAudio | None
    fault: Fault | None


def write_ingested(folder: Path, clips: Iterable[IngestedClip]) -> None:
    """Write the table of the stage's folder; the same clips give the same bytes.

    Raises:
        StorageError: the disk refused; the table is as it was.
    """
    write_table(folder / _FILE, build_table(map(ingested_row, clips), INGESTED_SCHEMA))


def read_ingested(folder: Path) -> Iterator[IngestedClip]:
    """Yield the rows of the stage's folder, in order.

    Raises:
        StageError: the table is absent.
    """
    return map(ingested_clip, read_rows(folder / _FILE))


def count_ingested(folder: Path) -> int:
    """Return the number of rows of the stage's folder.

    Raises:
        StageError: the table is absent.
    """
    return count_rows(folder / _FILE)


def ingested_row(clip: IngestedClip) -> dict[str, Any]:
    """Return the row of a clip; a table that has these columns too begins with it."""
    recording, fault = clip.recording, clip.fault
    row: dict[str, Any] = {
        "clip_id": clip.clip_id,
        "recording_id": recording.recording_id,
        "speaker_id": recording.speaker_id,
        "language": recording.language,
        "text": recording.text,
        "source_path": recording.path,
        "source_sha256": clip.source_sha256,
        "fault_code": fault.code if fault else None,
        "fault_message": fault.message if fault else None,
    }
    if clip.audio is None:
        return row
    audio = clip.audio
    return row | {
        "source_sample_rate_hz": audio.source_sample_rate_hz,
        "source_channels": audio.source_channels,
        "source_duration_s": audio.source_duration_s,
        "duration_s": audio.duration_s,
        "sample_rate_hz": audio.sample_rate_hz,
        "shard": audio.place.shard,
        "offset": audio.place.offset,
        "n_samples": audio.place.n_samples,
        "audio_sha256": audio.sha256,
        "gain_db": audio.gain_db,
        "source_loudness_lufs": audio.source_loudness_lufs,
        "clipped_fraction": audio.clipped_fraction,
        "actions": list(audio.actions),
    }


def ingested_clip(row: Mapping[str, Any]) -> IngestedClip:
    """Return the clip of a row; further columns are passed over."""
    fault = row["fault_code"] and Fault(row["fault_code"], row["fault_message"])
    return IngestedClip(
        clip_id=row["clip_id"],
        recording=Recording(
            recording_id=row["recording_id"],
            path=row["source_path"],
            speaker_id=row["speaker_id"],
            language=row["language"],
            text=row["text"],
        ),
        source_sha256=row["source_sha256"],
        audio=None if fault else _audio(row),
        fault=fault,
    )


def _audio(row: Mapping[str, Any]) -> StoredAudio:
    return StoredAudio(
        place=Place(row["shard"], row["offset"], row["n_samples"]),
        sample_rate_hz=row["sample_rate_hz"],
        sha256=row["audio_sha256"],
        source_sample_rate_hz=row["source_sample_rate_hz"],
        source_channels=row["source_channels"],
        source_duration_s=row["source_duration_s"],
        source_loudness_lufs=row["source_loudness_lufs"],
        clipped_fraction=row["clipped_fraction"],
        gain_db=row["gain_db"],
        actions=tuple(row["actions"]),
    )
