"""The speaker's own recordings, as `featurize` left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.shards import ShardReader
from voxgate.evaluation.durations import speaking_rate
from voxgate.evaluation.reference import RealClip
from voxgate.features.featurised_clips import CutClip, read_cut_clips
from voxgate.features.splits import TRAIN

__all__ = ["Recordings", "read_recordings"]


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """Real clips that frame the scores, and how fast the speaker talks."""

    clips: tuple[RealClip, ...]
    letters_per_s: float


def read_recordings(folder: Path, *, train_clips: int, min_train_clip_s: float) -> Recordings:
    """Read all held-out clips and the first `train_clips` training clips by clip id.

    Args:
        folder: build/featurize.
        train_clips: how many training clips to read; they only widen the same-speaker
            distribution.
        min_train_clip_s: shorter training clips are passed over.

    Raises:
        StageError: the table is absent.
    """
    cut = sorted(read_cut_clips(folder), key=lambda clip: clip.clip_id)
    training = [clip for clip in cut if clip.split == TRAIN]
    long = [clip for clip in training if clip.duration_s >= min_train_clip_s]
    held_out = [clip for clip in cut if clip.split != TRAIN]
    return Recordings(
        clips=tuple(_clips(folder, held_out + long[:train_clips])),
        letters_per_s=speaking_rate((clip.text, clip.duration_s) for clip in training),
    )


def _clips(folder: Path, clips: Sequence[CutClip]) -> list[RealClip]:
    reader = ShardReader(folder / "audio")
    return [
        RealClip(
            clip_id=clip.clip_id, role=clip.split, text=clip.text, wave=reader.read(clip.place)
        )
        for clip in clips
    ]
