"""Parameters of `train`."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["BaseCheckpoint", "LoopParams", "TrainParams"]


class LoopParams(Section):
    """One training loop. Budgets are steps, never seconds: seconds differ between machines."""

    steps: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    """Highest learning rate; reached after `warmup_steps`."""

    warmup_steps: int = Field(ge=0)
    final_learning_rate_ratio: float = Field(ge=0, le=1)
    """The last step's learning rate as a share of the highest."""

    weight_decay: float = Field(ge=0)
    max_gradient_norm: float = Field(gt=0)
    validate_every: int = Field(ge=1)
    """Steps between two rows of the learning curve."""


class BaseCheckpoint(Section):
    """Pretrained weights in `base/` that training starts from."""

    folder: str
    """Folder under `base/` that holds s1.safetensors and s2.safetensors."""

    s1_sha256: str = Field(min_length=64, max_length=64)
    s2_sha256: str = Field(min_length=64, max_length=64)


class TrainParams(Section):
    """Both models of a voice."""

    preset: str
    """Name of a preset in models.gpt_sovits.presets."""

    base: BaseCheckpoint | None
    """Null starts from seeded random weights. A base that is named and absent is an error."""

    seed: int = Field(ge=0)
    threads: int = Field(ge=1)
    """Part of the digest: the order of sums, and so the last bits, depend on it."""

    checkpoints: int = Field(ge=1)
    """How many checkpoints, evenly spaced over the run; the last one is the final step."""

    resume_every: int = Field(ge=1)
    """Steps between resume points; a killed run repeats at most this many."""

    synthesizer: LoopParams
    text_to_semantic: LoopParams

    min_train_clips: int = Field(ge=1)
    """Fewer clips than this are refused."""
