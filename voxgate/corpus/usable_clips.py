"""What a table of validate says of the clips that may be trained on, read by the column.

All of a clip (`voxgate/corpus/validated_clips.py`) takes twenty times as long to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voxgate.parquet import read_rows

__all__ = ["UsableClip", "read_usable_file"]

_COLUMNS = (
    "recording_id",
    "language",
    "train_text",
    "snr_db",
    "speech_rate",
    "speaker_cosine",
    "trim_start",
    "trim_end",
    "sample_rate_hz",
    "status",
)


@dataclass(frozen=True, slots=True)
class UsableClip:
    """A clip that is trained on; a figure is None where an earlier check made it pointless.

    `speech_rate` counts letters and digits a second; `duration_s` is that of the trimmed clip.
    """

    recording_id: str
    language: str
    train_text: str
    snr_db: float | None
    speech_rate: float | None
    speaker_cosine: float | None
    duration_s: float | None


def read_usable_file(path: Path) -> Iterator[UsableClip]:
    """Yield the clips of a table that were not quarantined, in order.

    Raises:
        StageError: the table is absent.
    """
    for row in read_rows(path, _COLUMNS):
        if row["status"] == "quarantined":
            continue
        rate_hz = row["sample_rate_hz"]
        yield UsableClip(
            row["recording_id"],
            row["language"],
            row["train_text"],
            row["snr_db"],
            row["speech_rate"],
            row["speaker_cosine"],
            None if rate_hz is None else (row["trim_end"] - row["trim_start"]) / rate_hz,
        )
