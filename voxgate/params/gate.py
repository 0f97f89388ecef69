"""Parameters of the gate: margins and floors. Changing one is a reviewed change of policy."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["GateParams"]


class GateParams(Section):
    """Thresholds of the verdict. Sources: docs/evaluation.md."""

    model_name: str
    """Name of the registered model whose champion is challenged."""

    wer_margin: float = Field(gt=0)
    similarity_margin: float = Field(gt=0)
    max_wer: float = Field(gt=0)
    """Floor: corpus WER of the challenger on the gate prompts."""

    max_catastrophe_rate: float = Field(ge=0, le=1)
    """Floor: share of prompts with at least one catastrophe."""

    min_similarity: float
    """Floor: mean similarity to the held-out centroid."""

    confidence: float = Field(gt=0.5, lt=1)
    bootstrap_draws: int = Field(ge=1_000)
    bootstrap_seed: int
    catastrophe_alpha: float = Field(gt=0, lt=0.5)
    approval_days: float = Field(gt=0)
