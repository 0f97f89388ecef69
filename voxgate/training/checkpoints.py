"""Checkpoints of a voice: both models at the same share of their budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from voxgate.training.fit.resume import ResumeStore
from voxgate.voice.card import TrainedSteps, VoiceCard
from voxgate.voice.package import VoiceFiles, write_voice
from voxgate.voice.text_features import CharacterFeatures

__all__ = ["VoiceReference", "checkpoint_name", "checkpoint_steps", "write_checkpoints"]


@dataclass(frozen=True, kw_only=True)
class VoiceReference:
    """What every checkpoint of a run carries unchanged."""

    tokens: Tensor
    """(N,) int64."""

    spectrogram: Tensor
    """(bins, T)."""

    lexicons: Mapping[str, bytes]
    """The speaker's own pronunciations by language."""

    speaker_vector: Tensor | None = None
    """(D,), for presets that read one."""

    text: CharacterFeatures | None = None
    """Of its Chinese characters, for presets that read them."""


def checkpoint_steps(steps: int, checkpoints: int) -> tuple[int, ...]:
    """Return the steps of `checkpoints` evenly spaced checkpoints; the last is the final step.

    Fewer come back where the budget has fewer steps.
    """
    spaced = {max(1, round(steps * at / checkpoints)) for at in range(1, checkpoints + 1)}
    return tuple(sorted(spaced))


def checkpoint_name(steps: TrainedSteps) -> str:
    """Name a checkpoint after the synthesizer's step, the longer of the two trainings."""
    return f"step-{steps.s2:06d}"


def write_checkpoints(
    folder: Path,
    *,
    card: VoiceCard,
    steps: list[TrainedSteps],
    stores: dict[str, ResumeStore],
    reference: VoiceReference,
) -> list[Path]:
    """Write one voice package a checkpoint from the snapshots of both models.

    S1 is trained to its end before S2 begins. A checkpoint pairs the snapshots that both took at
    the same share of their budgets: it is the voice that a run of that share would have ended
    with, but for the learning rate.
    """
    written = []
    for at in steps:
        path = folder / checkpoint_name(at)
        files = VoiceFiles(
            s1=stores["s1"].read_snapshot(at.s1),
            s2=stores["s2"].read_snapshot(at.s2),
            reference_tokens=reference.tokens,
            reference_spectrogram=reference.spectrogram,
            reference_speaker_vector=reference.speaker_vector,
            reference_text=reference.text,
            lexicons=reference.lexicons,
        )
        write_voice(path, card.model_copy(update={"steps": at}), files)
        written.append(path)
    return written
