"""S1 in training: phones become tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from voxgate.training.clips import TrainingClip
from voxgate.training.padding import pad_ids

__all__ = ["TextToSemanticObjective"]


@dataclass(frozen=True)
class TextToSemanticObjective:
    """Mean cross-entropy of the next token."""

    network: TextToSemantic
    name: str = "s1"

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: positions of the transformer."""
        return len(clip.phones) + len(clip.tokens)

    def collate(self, clips: Sequence[TrainingClip]) -> TextToSemanticBatch:
        """Pad clips to the longest one."""
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        return TextToSemanticBatch(
            phones=phones, phone_lengths=phone_lengths, codes=codes, code_lengths=code_lengths
        )

    def losses(
        self,
        batch: TextToSemanticBatch,
        *,
        generator: torch.Generator,  # noqa: ARG002  # the loss draws nothing itself
    ) -> Mapping[str, Tensor]:
        """Return `loss` and `top3`, the share of tokens among the 3 likeliest."""
        logits, targets = self.network(batch)
        terms = dict(token_loss(logits, targets, batch.code_lengths))
        return {"loss": terms.pop("total"), **terms}
