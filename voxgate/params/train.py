"""Parameters of `train`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voxgate.params.section import Section

__all__ = [
    "BaseCheckpoint",
    "LoopParams",
    "Precision",
    "Schedule",
    "SynthesizerParams",
    "TextToSemanticParams",
    "TrainParams",
]

Precision = Literal["float32", "bfloat16", "float16"]
Schedule = Literal["warmup-cosine", "epoch-exponential", "public-text"]


class LoopParams(Section):
    """One training loop. Budgets are steps, never seconds: seconds differ between machines."""

    steps: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    """Clips one optimiser step learns from, over all micro-batches and processes; the most where
    `batch_seconds` is given."""

    batch_seconds: float | None = Field(default=None, gt=0)
    """Speech that one optimiser step learns from at most, padding included, in batches of clips of
    nearly one length. Null: `batch_size` clips of similar length."""

    learning_rate: float = Field(gt=0)
    """Highest learning rate; reached after `warmup_steps`."""

    schedule: Schedule = "warmup-cosine"
    """`epoch-exponential` decays by 0.999875 an epoch from `learning_rate`; `public-text` is what
    the public S1 training really does (0.01 once, then 0.002), whatever `learning_rate` says."""

    warmup_steps: int = Field(ge=0)
    final_learning_rate_ratio: float = Field(ge=0, le=1)
    """The last step's learning rate as a share of the highest."""

    weight_decay: float = Field(ge=0)
    max_gradient_norm: float | None = Field(gt=0)
    """Null leaves gradients as they are."""

    precision: Precision = "float32"
    """Of the networks' arithmetic; weights, losses and optimisers stay float32."""

    accumulation: int = Field(default=1, ge=1)
    """Micro-batches a batch, computed one after the other: less memory, same gradient."""

    validate_every: int = Field(ge=1)
    """Steps between two rows of the learning curve."""


class SynthesizerParams(LoopParams):
    """Training of S2."""

    text_learning_rate_ratio: float = Field(default=0.4, ge=0)
    """Learning rate of the text side, relative to the rest; presets with a flow only."""


class TextToSemanticParams(LoopParams):
    """Training of S1."""

    optimizer: Literal["adamw", "scaled-adam"] = "adamw"
    summed_loss: bool = False
    """Sum the loss over all positions, padding included, as the public checkpoints were trained,
    instead of the mean over tokens."""

    preference_weight: float = Field(default=0.0, ge=0)
    """Weight of the preference for true over spoiled token sequences; 0 leaves it out."""

    legacy_padding: bool = False
    """Hide the first phones of short rows and read padding instead, as the public training code
    does; for comparisons."""


class BaseCheckpoint(Section):
    """Pretrained weights in `base/` that training starts from."""

    folder: str
    """Folder under `base/` that holds s1.safetensors and s2.safetensors."""

    s1_sha256: str = Field(min_length=64, max_length=64)
    s2_sha256: str = Field(min_length=64, max_length=64)
    discriminators_sha256: str | None = Field(default=None, min_length=64, max_length=64)
    """Of discriminators.safetensors; null starts them from seeded random weights."""


class TrainParams(Section):
    """Both models of a voice."""

    preset: str
    """Name of a preset in models.gpt_sovits.presets."""

    base: BaseCheckpoint | None
    """Null starts from seeded random weights. A base that is named and absent is an error."""

    seed: int = Field(ge=0)
    threads: int = Field(ge=1)
    """Part of the digest: the order of sums, and so the last bits, depend on it."""

    processes: int = Field(default=1, ge=1)
    """Processes that train as one, each on its share of every batch; on GPUs, one each. The bytes
    depend on it, as on `threads`."""

    checkpoints: int = Field(ge=1)
    """How many checkpoints, evenly spaced over the run; the last one is the final step."""

    resume_every: int = Field(ge=1)
    """Steps between resume points; a killed run repeats at most this many."""

    synthesizer: SynthesizerParams
    text_to_semantic: TextToSemanticParams
