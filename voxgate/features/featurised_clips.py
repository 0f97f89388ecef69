"""clips.parquet of featurize: one row a clip that can be trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from voxgate.audio.shards import Place
from voxgate.parquet import build_table, count_rows, read_rows, write_table

__all__ = [
    "FEATURISED_SCHEMA",
    "CutClip",
    "FeaturisedClip",
    "count_featurised",
    "read_cut_clips",
    "read_featurised",
    "write_featurised",
]

_FILE = "clips.parquet"
_SEQUENCES = ("phones", "tokens")

FEATURISED_SCHEMA = pa.schema(
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
"""Columns in order. The audio is the trimmed part of what ingest prepared, at its rate."""


@dataclass(frozen=True, kw_only=True)
class CutClip:
    """A clip as it was cut: whose it is, what it says, what it is for, where its audio lies."""

    clip_id: str
    recording_id: str
    speaker_id: str
    language: str
    split: str
    text: str
    duration_s: float
    place: Place


@dataclass(frozen=True, kw_only=True)
class FeaturisedClip:
    """A cut clip with what the models read of it: phone ids, and speech tokens at 25 a second."""

    cut: CutClip
    phones: tuple[int, ...]
    tokens: tuple[int, ...]


def write_featurised(folder: Path, clips: Iterable[FeaturisedClip]) -> None:
    """Write the table of the stage's folder; the same clips give the same bytes.

    Raises:
        StorageError: the disk refused; the table is as it was.
    """
    write_table(folder / _FILE, build_table(map(_row, clips), FEATURISED_SCHEMA))


def read_featurised(folder: Path) -> Iterator[FeaturisedClip]:
    """Yield the rows of the stage's folder, in order.

    Raises:
        StageError: the table is absent.
    """
    for row in read_rows(folder / _FILE):
        phones, tokens = (tuple(row[name]) for name in _SEQUENCES)
        yield FeaturisedClip(cut=_cut(row), phones=phones, tokens=tokens)


def read_cut_clips(folder: Path) -> Iterator[CutClip]:
    """Yield the rows without phones and tokens, which are most of the table.

    Raises:
        StageError: the table is absent.
    """
    columns = [name for name in FEATURISED_SCHEMA.names if name not in _SEQUENCES]
    return map(_cut, read_rows(folder / _FILE, columns))


def count_featurised(folder: Path) -> int:
    """Return the number of rows.

    Raises:
        StageError: the table is absent.
    """
    return count_rows(folder / _FILE)


def _row(clip: FeaturisedClip) -> dict[str, Any]:
    cut = clip.cut
    return {
        "clip_id": cut.clip_id,
        "recording_id": cut.recording_id,
        "speaker_id": cut.speaker_id,
        "language": cut.language,
        "split": cut.split,
        "text": cut.text,
        "phones": clip.phones,
        "tokens": clip.tokens,
        "duration_s": cut.duration_s,
        "shard": cut.place.shard,
        "offset": cut.place.offset,
        "n_samples": cut.place.n_samples,
    }


def _cut(row: Mapping[str, Any]) -> CutClip:
    return CutClip(
        clip_id=row["clip_id"],
        recording_id=row["recording_id"],
        speaker_id=row["speaker_id"],
        language=row["language"],
        split=row["split"],
        text=row["text"],
        duration_s=row["duration_s"],
        place=Place(row["shard"], row["offset"], row["n_samples"]),
    )
