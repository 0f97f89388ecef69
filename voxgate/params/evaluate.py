"""Parameters of `evaluate`: the instruments and the measurement."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["EvaluateParams", "EvaluatorSource"]


class EvaluatorSource(Section):
    """One pinned instrument. Absent or different weights are a HOLD, never a fallback."""

    kind: Literal["whisper", "speechbrain"]
    source: str
    """A name of the asset catalogue, a local folder, or a hub id."""

    sha256: str = Field(min_length=64, max_length=64)


class EvaluateParams(Section):
    """How checkpoints are scored."""

    evaluators: dict[str, EvaluatorSource]
    transcriber: str
    speaker_encoder: str
    prompts: str
    """Prompt file under benchmark/."""

    select_seeds: int = Field(ge=1)
    gate_seeds: int = Field(ge=1)
    max_audio_ratio: float = Field(gt=1)
    """Audio is cut at this multiple of the expected duration; reaching it is a catastrophe."""

    max_tokens_per_second: float = Field(gt=0)
    """Cap on decoded text tokens per second of audio; reaching it is a catastrophe."""

    catastrophe_wer: float = Field(gt=0)
    min_duration_ratio: float = Field(ge=0)
    max_duration_ratio: float = Field(gt=1)
    similarity_floor: float
    """Below this a sample counts as another speaker."""

    batch_size: int = Field(ge=1)
    threads: int = Field(ge=1)
