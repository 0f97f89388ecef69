"""Choose the checkpoint that goes before the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voxgate.errors import EvaluatorError
from voxgate.evaluation.summary import Summary

__all__ = ["SELECTION_RULE", "Candidate", "choose"]

SELECTION_RULE = (
    "fewest prompts with a catastrophe, then lowest corpus WER, then highest mean similarity, "
    "then the latest step; a checkpoint with an unmeasured sample is not eligible"
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A checkpoint and how it did on the `select` prompts."""

    name: str
    step: int
    model_digest: str
    summary: Summary

    @property
    def eligible(self) -> bool:
        """Tell whether every sample was measured."""
        return self.summary.items > 0 and self.summary.unmeasured == 0


def choose(candidates: Sequence[Candidate]) -> Candidate:
    """Return the best candidate by `SELECTION_RULE`.

    Raises:
        EvaluatorError: none is eligible.
    """
    eligible = [candidate for candidate in candidates if candidate.eligible]
    if not eligible:
        raise EvaluatorError(
            f"none of {len(candidates)} checkpoints could be measured completely on the select "
            "prompts; see scores.parquet for the faults"
        )
    return min(eligible, key=_order)


def _order(candidate: Candidate) -> tuple[int, float, float, int]:
    summary = candidate.summary
    assert summary.wer is not None
    assert summary.similarity is not None
    return (summary.catastrophic_prompts, summary.wer, -summary.similarity, -candidate.step)
