"""clips.parquet of ingest: one row a recording, whatever became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from voxgate.audio.shards import Place
from voxgate.corpus.ingestion import Ingested
from voxgate.files import digest_bytes, write_path

__all__ = ["CLIP_SCHEMA", "PlacedClip", "clip_row", "write_clips"]

CLIP_SCHEMA = pa.schema(
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
class PlacedClip:
    """An ingested recording and where its audio lies; no place where there is a fault."""

    ingested: Ingested
    place: Place | None


def clip_row(clip: PlacedClip) -> dict[str, Any]:
    """Return one row of the table."""
    ingested, recording = clip.ingested, clip.ingested.recording
    row: dict[str, Any] = {
        "clip_id": ingested.clip_id,
        "recording_id": recording.recording_id,
        "speaker_id": recording.speaker_id,
        "language": recording.language,
        "text": recording.text,
        "source_path": recording.path,
        "source_sha256": ingested.source_sha256,
        "fault_code": ingested.fault.code if ingested.fault else None,
        "fault_message": ingested.fault.message if ingested.fault else None,
    }
    audio = ingested.audio
    if audio is None or clip.place is None:
        return row
    return row | {
        "source_sample_rate_hz": audio.source_sample_rate_hz,
        "source_channels": audio.source_channels,
        "source_duration_s": audio.source_duration_s,
        "duration_s": len(audio.pcm) / audio.sample_rate_hz,
        "sample_rate_hz": audio.sample_rate_hz,
        "shard": clip.place.shard,
        "offset": clip.place.offset,
        "n_samples": clip.place.n_samples,
        "audio_sha256": digest_bytes(audio.pcm.tobytes()),
        "gain_db": audio.gain_db,
        "source_loudness_lufs": audio.source_loudness_lufs,
        "clipped_fraction": audio.clipped_fraction,
        "actions": list(audio.actions),
    }


def write_clips(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the table; the same rows give the same bytes.

    Raises:
        StorageError: the disk refused; `path` is as it was.
    """
    table = pa.Table.from_pylist(list(rows), schema=CLIP_SCHEMA)
    with write_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
