"""The speaker's own recordings, as `featurize` left them, and how fast she really talks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voxgate.audio.shards import ShardReader
from voxgate.errors import EvaluatorError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.frame import RealClip
from voxgate.features.featurised_clips import CutClip, read_cut_clips
from voxgate.features.splits import CENTROID, TRAIN, VALIDATION
from voxgate.text.spoken_length import spoken_letters

__all__ = ["Recordings", "expected_durations", "read_recordings", "speaking_rate"]

_SHORTEST_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """Real clips that frame the scores, and how fast the speaker talks."""

    clips: tuple[RealClip, ...]
    letters_per_s: float


def read_recordings(
    folder: Path,
    *,
    train_clips: int,
    min_train_clip_s: float,
    language: str | None = None,
    validation_clips: int | None = None,
) -> Recordings:
    """Read held-out clips and the first `train_clips` training clips by clip id.

    All clips that define the speaker are read, and of those that measure the loss, which are a
    share of the data, a number; so their samples have room in memory.

    Args:
        folder: build/featurize.
        language: where any of its recordings is held out only those are read, for another one is
            heard, counted and spoken at a pace of its own; and all that define the speaker, who
            sounds like herself in every language. None reads all.
        train_clips: how many training clips to read; they only widen the same-speaker
            distribution.
        min_train_clip_s: shorter training clips are passed over.
        validation_clips: how many of those that measure the loss, at most; drawn by a digest of the
            clip's id, so that an added recording displaces one of them at most. None is all.

    Raises:
        StageError: the table is absent.
    """
    every = sorted(read_cut_clips(folder), key=lambda clip: clip.clip_id)
    own = [clip for clip in every if clip.language == language]
    cut = every
    if any(clip.split != TRAIN for clip in own):
        cut = [clip for clip in every if clip.language == language or clip.split == CENTROID]
    training = [clip for clip in cut if clip.split == TRAIN]
    long = [clip for clip in training if clip.duration_s >= min_train_clip_s]
    drawn = _draw([clip for clip in cut if clip.split == VALIDATION], validation_clips)
    held_out = [clip for clip in cut if clip.split == CENTROID or clip.clip_id in drawn]
    return Recordings(
        clips=tuple(_clips(folder, held_out + long[:train_clips])),
        letters_per_s=speaking_rate((clip.text, clip.duration_s) for clip in training),
    )


def speaking_rate(clips: Iterable[tuple[str, float]]) -> float:
    """Return letters a second over (text, duration in seconds) of the speaker's real clips.

    Letters instead of phonemes, so that a changed lexicon does not change the judge. A Chinese
    character and a kana count as the letters that last as long (`spoken_letters`).

    Raises:
        EvaluatorError: there is nothing to measure the rate on.
    """
    pairs = list(clips)
    letters = sum(spoken_letters(text) for text, _ in pairs)
    seconds = sum(duration_s for _, duration_s in pairs)
    if letters == 0 or seconds <= 0:
        raise EvaluatorError("no real clips with text to measure the speaking rate on")
    return letters / seconds


def expected_durations(prompts: Iterable[Prompt], *, letters_per_s: float) -> dict[str, float]:
    """Return how long each prompt should last in seconds at the speaker's pace, by id."""
    return {
        prompt.id: round(max(_SHORTEST_S, spoken_letters(prompt.normalised) / letters_per_s), 3)
        for prompt in prompts
    }


def _draw(clips: Sequence[CutClip], count: int | None) -> set[str]:
    ranked = sorted((clip.clip_id for clip in clips), key=_rank)
    return set(ranked[:count])


def _rank(clip_id: str) -> str:
    # A salt of its own: ids of clips are digests themselves, and other draws go by them.
    return hashlib.sha256(f"heard\0{clip_id}".encode()).hexdigest()


def _clips(folder: Path, clips: Sequence[CutClip]) -> list[RealClip]:
    reader = ShardReader(folder / "audio")
    return [
        RealClip(
            clip_id=clip.clip_id,
            role=clip.split,
            text=clip.text,
            pcm=reader.read_pcm16(clip.place),
            language=clip.language,
            sample_rate_hz=round(clip.place.n_samples / clip.duration_s),
        )
        for clip in clips
    ]
