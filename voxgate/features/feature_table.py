"""The files of `build/featurize` that hold one row a clip."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from voxgate.audio.shards import ShardWriter
from voxgate.features.accepted_clips import AcceptedClips
from voxgate.features.clip_features import ClipFeatures, DroppedClip
from voxgate.features.speaker_vectors import write_speaker_vectors
from voxgate.files import write_path, write_text

__all__ = ["FEATURE_SCHEMA", "write_dropped", "write_features"]

FEATURE_SCHEMA = pa.schema(
    [
        ("clip_id", pa.string()),
        ("recording_id", pa.string()),
        ("speaker_id", pa.string()),
        ("language", pa.string()),
        ("split", pa.string()),
        ("text", pa.string()),
        ("phones", pa.list_(pa.int16())),
        ("tokens", pa.list_(pa.int16())),
        ("duration_s", pa.float64()),
        ("shard", pa.int32()),
        ("offset", pa.int64()),
        ("n_samples", pa.int64()),
    ]
)


def write_features(
    folder: Path,
    features: Sequence[ClipFeatures],
    *,
    splits: Mapping[str, str],
    audio: AcceptedClips,
    speaker_vectors: Mapping[str, NDArray[np.float32]] | None = None,
) -> None:
    """Write `clips.parquet`, the trimmed audio and the speaker vectors, by recording_id."""
    rows = []
    with ShardWriter(folder / "audio") as shards:
        for entry in sorted(features, key=lambda entry: entry.clip.recording_id):
            place = shards.add(audio.read_pcm16(entry.clip))
            rows.append(
                {
                    "clip_id": entry.clip.clip_id,
                    "recording_id": entry.clip.recording_id,
                    "speaker_id": entry.clip.speaker_id,
                    "language": entry.clip.language,
                    "split": splits[entry.clip.recording_id],
                    "text": entry.clip.text,
                    "phones": entry.phones,
                    "tokens": entry.tokens,
                    "duration_s": entry.clip.duration_s,
                    "shard": place.shard,
                    "offset": place.offset,
                    "n_samples": place.n_samples,
                }
            )
    with write_path(folder / "clips.parquet") as temporary:
        table = pa.Table.from_pylist(rows, schema=FEATURE_SCHEMA)
        pq.write_table(table, temporary, compression="zstd")
    if speaker_vectors is not None:
        write_speaker_vectors(folder, [speaker_vectors[str(row["clip_id"])] for row in rows])


def write_dropped(folder: Path, dropped: Sequence[DroppedClip]) -> None:
    """Write `dropped.csv`: accepted clips that cannot be trained on, each with its reason."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["recording_id", "clip_id", "code", "message"])
    for entry in sorted(dropped, key=lambda entry: (entry.clip.recording_id, entry.code)):
        writer.writerow([entry.clip.recording_id, entry.clip.clip_id, entry.code, entry.message])
    write_text(folder / "dropped.csv", text.getvalue())
