"""S1 in training: phones become tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from models.gpt_sovits.s1.preference import (
    preference_loss,
    reject_tokens,
    sequence_log_probability,
)
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.padding import pad_ids

__all__ = ["TextToSemanticObjective"]


@dataclass(frozen=True)
class TextToSemanticObjective:
    """Cross-entropy of the next token, and a preference for true over spoiled sequences."""

    network: TextToSemantic
    name: str = "s1"
    summed: bool = False
    """Sum over all positions, padding included, instead of the mean over real targets."""

    preference_weight: float = 0.0
    """Weight of the preference (preference.py); 0 leaves it and its cost out."""

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: positions of the transformer."""
        return len(clip.phones) + len(clip.tokens)

    def collate(self, clips: Sequence[TrainingClip]) -> TextToSemanticBatch:
        """Pad clips to the longest one."""
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        return TextToSemanticBatch(
            phones=phones,
            phone_lengths=phone_lengths,
            codes=codes,
            code_lengths=code_lengths,
            bert=self._text_features(clips, phones.shape[1]),
        )

    def _text_features(self, clips: Sequence[TrainingClip], phones: int) -> Tensor | None:
        """Return (B, C, L) features of Chinese text; None: no clip has any, or S1 reads none."""
        channels = self.network.preset.bert_channels
        if not channels or all(clip.text_features is None for clip in clips):
            return None
        nothing = np.zeros((channels, phones), dtype=np.float32)
        rows = [
            nothing if clip.text_features is None else clip.text_features.over_phones(phones)
            for clip in clips
        ]
        return torch.from_numpy(np.stack(rows))

    def losses(self, micro_batch: MicroBatch, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return its share of `loss` and of `top3`, how many tokens are among the 3 likeliest.

        With a preference also of its parts, `entropy` and `preference`.
        """
        del generator  # what is drawn is drawn for each clip
        batch = self._collated(micro_batch)
        logits, targets = self.network(batch)
        terms = token_loss(logits, targets, batch.code_lengths, summed=self.summed)
        entropy = terms["total"] * (micro_batch.weight if self.summed else micro_batch.target_share)
        losses = {"loss": entropy, "top3": terms["top3"] * micro_batch.token_share}
        if self.preference_weight == 0:
            return losses
        likely = sequence_log_probability(logits, targets, self._counted(batch))
        preference = self._preference(micro_batch, likely) * micro_batch.clip_share
        return losses | {
            "loss": entropy + self.preference_weight * preference,
            "entropy": entropy,
            "preference": preference,
        }

    def _preference(self, micro_batch: MicroBatch, likely: Tensor) -> Tensor:
        """Compare the clips' log-probabilities (B,) with those of spoiled versions of them."""
        spoiled = [
            replace(clip, tokens=reject_tokens(torch.from_numpy(clip.tokens), generator).numpy())
            for clip, generator in zip(micro_batch.clips, micro_batch.generators(), strict=True)
        ]
        batch = self.collate(spoiled).to(likely.device)
        logits, targets = self.network(batch)
        unlikely = sequence_log_probability(logits, targets, self._counted(batch))
        return preference_loss(likely, unlikely)

    def _collated(self, micro_batch: MicroBatch) -> TextToSemanticBatch:
        return self.collate(micro_batch.clips).to(next(self.network.parameters()).device)

    def _counted(self, batch: TextToSemanticBatch) -> Tensor | None:
        """Return how many targets of each clip count; None counts padding too."""
        return None if self.summed else batch.code_lengths + 1
