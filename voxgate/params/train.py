"""Parameters of `train`."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["LoopParams", "TrainParams"]


class LoopParams(Section):
    """One training loop. Budgets are steps, never seconds: seconds differ between machines."""

    steps: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    validate_every: int = Field(ge=1)


class TrainParams(Section):
    """Both models of a voice."""

    preset: str
    """Name of a preset in models.gpt_sovits.presets."""

    seed: int
    threads: int = Field(ge=1)
    """Part of the digest: the order of sums, and so the last bits, depend on it."""

    checkpoints: int = Field(ge=1)
    """How many checkpoints, evenly spaced over the run; the last one is the final step."""

    resume_every: int = Field(ge=1)
    """Steps between resume points; a killed run repeats at most this many."""

    synthesizer: LoopParams
    text_to_semantic: LoopParams
