"""S1 without recursion in training: phones become durations and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.s1.duration_text_to_semantic import DurationBatch, DurationTextToSemantic
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.padding import pad_ids

__all__ = ["DurationObjective"]


@dataclass(frozen=True)
class DurationObjective:
    """Alignment, durations and codes of a clip, in the style of another clip of the batch."""

    network: DurationTextToSemantic
    name: str = "s1"

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: tokens."""
        return len(clip.tokens)

    def losses(self, micro_batch: MicroBatch, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return the micro-batch's share of `loss` and its parts.

        They are `path` and `code` in nats a token, `duration` in ln frames, and `top1`. All count
        by tokens; the mean duration is over phones, of which a token has about as many everywhere.
        """
        del generator  # the loss draws nothing
        batch = self.collate(micro_batch).to(next(self.network.parameters()).device)
        terms = dict(self.network(batch))
        return {
            name: value * micro_batch.token_share
            for name, value in {"loss": terms.pop("total"), **terms}.items()
        }

    def collate(self, micro_batch: MicroBatch) -> DurationBatch:
        """Pad clips to the longest one; each one's prompt is the next clip of the whole batch."""
        prompts = [
            micro_batch.batch[(place + 1) % len(micro_batch.batch)] for place in micro_batch.places
        ]
        phones, phone_lengths = pad_ids([clip.phones for clip in micro_batch.clips])
        codes, code_lengths = pad_ids([clip.tokens for clip in micro_batch.clips])
        prompt, prompt_lengths = pad_ids([clip.tokens for clip in prompts])
        return DurationBatch(
            phones=phones,
            phone_lengths=phone_lengths,
            codes=codes,
            code_lengths=code_lengths,
            prompt=prompt,
            prompt_lengths=prompt_lengths,
            prompt_phones=torch.tensor([len(clip.phones) for clip in prompts]),
        )
