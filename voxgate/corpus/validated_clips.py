"""clips.parquet of validate: one row a recording, what was found out about it, and its fate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from voxgate.corpus.ingested_clips import INGESTED_SCHEMA, IngestedClip, ingested_clip, ingested_row
from voxgate.parquet import build_table, read_rows, write_table

__all__ = [
    "VALIDATED_SCHEMA",
    "Figures",
    "Status",
    "ValidatedClip",
    "read_validated",
    "read_validated_file",
    "validated_table",
    "write_validated",
]

Status = Literal["accepted", "fixed", "quarantined"]
"""As the manifest has it; changed, with the change named; or kept out of training."""

_FILE = "clips.parquet"
_TEXT, _REAL = pa.string(), pa.float64()
_FIGURES = {
    "snr_db": _REAL,
    "bandwidth_hz": _REAL,
    "leading_silence_s": _REAL,
    "trailing_silence_s": _REAL,
    "transcript": _TEXT,
    "cer": _REAL,
    "wer": _REAL,
    "edge_cer": _REAL,
    "alignment_log_probability": _REAL,
    "language_detected": _TEXT,
    "language_probability": _REAL,
    "speech_rate": _REAL,
    "speaker_cosine": _REAL,
    "duplicate_of": _TEXT,
}

VALIDATED_SCHEMA = pa.schema(
    [
        *INGESTED_SCHEMA,
        ("trim_start", pa.int64()),
        ("trim_end", pa.int64()),
        ("train_text", _TEXT),
        *_FIGURES.items(),
        ("status", _TEXT),
        ("reasons", pa.list_(_TEXT)),
        ("warnings", pa.list_(_TEXT)),
        ("fixes", pa.list_(_TEXT)),
        ("detail", _TEXT),
    ]
)
"""Ingest's columns unchanged, then what validate adds.

The audio to train on is `wave[trim_start:trim_end]`, its text `train_text`; undoing a fix is to use
the whole wave and `text`. A figure is null when an earlier check made it pointless. `detail` is a
JSON list of {code, message}.
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured of a clip; None where an earlier check made it pointless."""

    snr_db: float | None = None
    bandwidth_hz: float | None = None
    leading_silence_s: float | None = None
    trailing_silence_s: float | None = None
    transcript: str | None = None
    cer: float | None = None
    wer: float | None = None
    edge_cer: float | None = None
    alignment_log_probability: float | None = None
    language_detected: str | None = None
    language_probability: float | None = None
    speech_rate: float | None = None
    """Letters and digits a second."""

    speaker_cosine: float | None = None
    duplicate_of: str | None = None
    """The recording_id of the one that was kept."""


@dataclass(frozen=True, kw_only=True)
class ValidatedClip:
    """A clip of ingest, as it is to be trained on, and why or why not."""

    ingested: IngestedClip
    train_text: str
    trim_start: int
    trim_end: int
    """Samples: the clip to train on is `wave[trim_start:trim_end]`; 0 and 0 without audio."""

    figures: Figures
    status: Status
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    fixes: tuple[str, ...]
    """Codes, sorted."""

    detail: str
    """JSON list of {code, message}."""

    @property
    def usable(self) -> bool:
        """Whether it may be trained on."""
        return self.status != "quarantined"


def validated_table(
    clips: Iterable[ValidatedClip], columns: Collection[str] | None = None
) -> pa.Table:
    """Return the table of clips, in their order; None makes every column.

    Raises:
        ValueError: there is no column of that name.
    """
    if columns is None:
        return build_table(map(_row, clips), VALIDATED_SCHEMA)
    if unknown := sorted(set(columns) - set(VALIDATED_SCHEMA.names)):
        raise ValueError(f"expected columns of VALIDATED_SCHEMA, got {', '.join(unknown)}")
    schema = pa.schema([column for column in VALIDATED_SCHEMA if column.name in columns])
    return build_table(map(_row, clips), schema)


def write_validated(folder: Path, clips: Iterable[ValidatedClip]) -> None:
    """Write the table of the stage's folder; the same clips give the same bytes.

    Raises:
        StorageError: the disk refused; the table is as it was.
    """
    write_table(folder / _FILE, validated_table(clips))


def read_validated(folder: Path) -> Iterator[ValidatedClip]:
    """Yield the rows of the stage's folder, in order.

    Raises:
        StageError: the table is absent.
    """
    return read_validated_file(folder / _FILE)


def read_validated_file(path: Path) -> Iterator[ValidatedClip]:
    """Yield the rows of a table that lies elsewhere, in DVC's cache for one.

    Raises:
        StageError: the table is absent.
    """
    return map(_clip, read_rows(path))


def _row(clip: ValidatedClip) -> dict[str, Any]:
    has_audio = clip.ingested.audio is not None
    return ingested_row(clip.ingested) | {
        "trim_start": clip.trim_start if has_audio else None,
        "trim_end": clip.trim_end if has_audio else None,
        "train_text": clip.train_text,
        **{name: getattr(clip.figures, name) for name in _FIGURES},
        "status": clip.status,
        "reasons": list(clip.reasons),
        "warnings": list(clip.warnings),
        "fixes": list(clip.fixes),
        "detail": clip.detail,
    }


def _clip(row: Mapping[str, Any]) -> ValidatedClip:
    return ValidatedClip(
        ingested=ingested_clip(row),
        train_text=row["train_text"],
        trim_start=row["trim_start"] or 0,
        trim_end=row["trim_end"] or 0,
        figures=Figures(**{name: row[name] for name in _FIGURES}),
        status=row["status"],
        reasons=tuple(row["reasons"]),
        warnings=tuple(row["warnings"]),
        fixes=tuple(row["fixes"]),
        detail=row["detail"],
    )
