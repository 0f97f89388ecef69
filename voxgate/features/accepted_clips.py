"""What `validate` lets through, with the audio that `ingest` prepared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from voxgate.audio.resampling import resample
from voxgate.audio.shards import Pcm16, ShardReader, from_pcm16
from voxgate.features.clip_features import ClipInput
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["AcceptedClips", "read_accepted_clips"]

_FIT = ("accepted", "fixed")


@dataclass(frozen=True)
class AcceptedClips:
    """The clips, sorted by recording_id, and where their audio lies."""

    clips: tuple[ClipInput, ...]
    _places: Mapping[str, tuple[int, int]]
    """Shard and offset by clip_id."""

    _shards: ShardReader

    def read_pcm16(self, clip: ClipInput) -> Pcm16:
        """Return the trimmed audio as int16."""
        shard, offset = self._places[clip.clip_id]
        return self._shards.read_pcm16(
            shard, offset + clip.trim_start, clip.trim_end - clip.trim_start
        )

    def read_wave(self, clip: ClipInput) -> Wave:
        """Return the trimmed audio as float32."""
        return from_pcm16(self.read_pcm16(clip))

    def read_heard(self, clip: ClipInput) -> Wave:
        """Return the trimmed audio at the 16 kHz that the frozen extractors hear."""
        return resample(self.read_wave(clip), clip.sample_rate_hz, HEARING_RATE_HZ)


def read_accepted_clips(validate_dir: Path, ingest_dir: Path) -> AcceptedClips:
    """Read the accepted and fixed rows of `build/validate/clips.parquet`."""
    rows = [
        row
        for row in pq.read_table(validate_dir / "clips.parquet").to_pylist()
        if row["status"] in _FIT
    ]
    rows.sort(key=lambda row: str(row["recording_id"]))
    return AcceptedClips(
        clips=tuple(_clip(row) for row in rows),
        _places={row["clip_id"]: (row["shard"], row["offset"]) for row in rows},
        _shards=ShardReader(ingest_dir / "audio"),
    )


def _clip(row: Mapping[str, Any]) -> ClipInput:
    start, end = int(row["trim_start"]), int(row["trim_end"])
    return ClipInput(
        clip_id=row["clip_id"],
        recording_id=row["recording_id"],
        speaker_id=row["speaker_id"],
        language=row["language"],
        text=row["train_text"],
        audio_sha256=row["audio_sha256"],
        sample_rate_hz=int(row["sample_rate_hz"]),
        trim_start=start,
        trim_end=end,
        duration_s=(end - start) / row["sample_rate_hz"],
        snr_db=row["snr_db"],
        alignment_log_probability=row["alignment_log_probability"],
    )
