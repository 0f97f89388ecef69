"""clips.parquet and quarantine.csv of validate: one row a recording, whatever became of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from voxgate.corpus.clip_table import CLIP_SCHEMA
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.findings import Severity
from voxgate.errors import StageError
from voxgate.files import canonical_json, write_path, write_text

__all__ = ["VALIDATED_SCHEMA", "validated_table", "write_quarantine", "write_table"]

_DECIMALS = 4  # the last bits of a network's answer depend on which clips share its batch

_TEXT, _REAL = pa.string(), pa.float64()
_MEASURED = {
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
        *CLIP_SCHEMA,
        ("trim_start", pa.int64()),
        ("trim_end", pa.int64()),
        ("train_text", _TEXT),
        *_MEASURED.items(),
        ("status", _TEXT),
        ("reasons", pa.list_(_TEXT)),
        ("warnings", pa.list_(_TEXT)),
        ("fixes", pa.list_(_TEXT)),
        ("detail", _TEXT),
    ]
)
"""Ingest's columns unchanged, then what validate adds.

The audio to train on is `wave[trim_start:trim_end]`, its text `train_text`; undoing a fix is to use
the whole wave and `text`. A measurement is null when an earlier check made it pointless. `detail`
is a JSON list of {code, message}.
"""


def validated_table(dossiers: Sequence[Dossier], *, expected_rows: int) -> pa.Table:
    """Return the table, sorted by recording_id.

    Raises:
        StageError: a row of ingest is missing or there twice: validate must not drop any.
    """
    rows = sorted((_row(dossier) for dossier in dossiers), key=lambda row: row["recording_id"])
    identities = {row["recording_id"] for row in rows}
    if not len(rows) == len(identities) == expected_rows:
        raise StageError(
            f"validate: expected {expected_rows} different recordings, as ingest wrote them, got "
            f"{len(rows)} rows with {len(identities)} ids; run ingest again, and report this if "
            "it happens twice"
        )
    return pa.Table.from_pylist(rows, schema=VALIDATED_SCHEMA)


def write_table(path: Path, table: pa.Table) -> None:
    """Write the table; the same rows give the same bytes.

    Raises:
        StorageError: the disk refused; `path` is as it was.
    """
    with write_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def write_quarantine(path: Path, dossiers: Sequence[Dossier]) -> None:
    """Write what was kept out, for people: codes, and sentences that say what to do."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["recording_id", "source_path", "codes", "messages"])
    for dossier in sorted(dossiers, key=lambda d: d.recording_id):
        if dossier.rejected:
            codes = dossier.codes(Severity.REJECT)
            messages = [f"{f.code}: {f.message}" for f in dossier.findings if f.code in codes]
            writer.writerow(
                [
                    dossier.recording_id,
                    dossier.row["source_path"],
                    " ".join(codes),
                    " | ".join(messages),
                ]
            )
    write_text(path, buffer.getvalue())


def _row(dossier: Dossier) -> dict[str, Any]:
    has_audio = dossier.row["fault_code"] is None
    detail = [{"code": f.code, "message": f.message} for f in dossier.findings]
    return dict(dossier.row) | {
        "trim_start": dossier.trim_start if has_audio else None,
        "trim_end": dossier.trim_end if has_audio else None,
        "train_text": dossier.train_text,
        **{name: _rounded(dossier.measured.get(name)) for name in _MEASURED},
        "status": dossier.status,
        "reasons": dossier.codes(Severity.REJECT),
        "warnings": dossier.codes(Severity.WARN),
        "fixes": dossier.codes(Severity.FIX),
        "detail": canonical_json(detail),
    }


def _rounded(value: Any) -> Any:
    return round(value, _DECIMALS) if isinstance(value, float) else value
