"""What featurize writes of its clips: the table, the trimmed audio, the vectors, the dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import Place, ShardWriter
from voxgate.features.accepted_clips import AcceptedClips
from voxgate.features.clip_features import ClipFeatures, DroppedClip
from voxgate.features.featurised_clips import CutClip, FeaturisedClip, write_featurised
from voxgate.features.speaker_vectors import write_speaker_vectors
from voxgate.features.text_features import write_text_features
from voxgate.files import write_text
from voxgate.spreadsheets import write_table
from voxgate.voice.text_features import CharacterFeatures

__all__ = ["write_dropped", "write_features"]


def write_features(
    folder: Path,
    features: Sequence[ClipFeatures],
    *,
    splits: Mapping[str, str],
    audio: AcceptedClips,
    speaker_vectors: Mapping[str, NDArray[np.float32]] | None = None,
    text_features: Mapping[str, CharacterFeatures] | None = None,
) -> None:
    """Write `clips.parquet`, the trimmed audio and what else is there, by recording_id.

    `speaker_vectors` are by clip_id, `text_features` by recording_id.
    """
    ordered = sorted(features, key=lambda entry: entry.clip.recording_id)
    with ShardWriter(folder / "audio") as shards:
        places = [shards.add(audio.read_pcm16(entry.clip)) for entry in ordered]
    write_featurised(
        folder,
        (
            _featurised(entry, splits[entry.clip.recording_id], place)
            for entry, place in zip(ordered, places, strict=True)
        ),
    )
    if speaker_vectors is not None:
        write_speaker_vectors(folder, [speaker_vectors[entry.clip.clip_id] for entry in ordered])
    if text_features:
        write_text_features(
            folder, [text_features.get(entry.clip.recording_id) for entry in ordered]
        )


def write_dropped(folder: Path, dropped: Sequence[DroppedClip]) -> None:
    """Write `dropped.csv`: accepted clips that cannot be trained on, each with its reason."""
    ordered = sorted(dropped, key=lambda entry: (entry.clip.recording_id, entry.code))
    rows = [[e.clip.recording_id, e.clip.clip_id, e.code, e.message] for e in ordered]
    header = ["recording_id", "clip_id", "code", "message"]
    write_text(folder / "dropped.csv", write_table(header, rows))


def _featurised(entry: ClipFeatures, split: str, place: Place) -> FeaturisedClip:
    clip = entry.clip
    cut = CutClip(
        clip_id=clip.clip_id,
        recording_id=clip.recording_id,
        speaker_id=clip.speaker_id,
        language=clip.language,
        split=split,
        text=clip.text,
        duration_s=clip.duration_s,
        place=place,
    )
    return FeaturisedClip(cut=cut, phones=entry.phones, tokens=entry.tokens)
