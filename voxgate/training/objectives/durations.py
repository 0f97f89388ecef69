"""S1 without recursion in training: phones become durations and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.s1.duration_text_to_semantic import DurationBatch, DurationTextToSemantic
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.padding import pad_ids

__all__ = ["DurationObjective", "Prompts", "next_clips"]

Prompts = Callable[[MicroBatch], Sequence[TrainingClip]]
"""Says in the style of which clip each clip of a micro-batch is spoken: one of the same speaker."""


def next_clips(micro_batch: MicroBatch) -> Sequence[TrainingClip]:
    """Return for each clip the next of the whole batch: good where all are of one speaker."""
    return [micro_batch.batch[(place + 1) % len(micro_batch.batch)] for place in micro_batch.places]


@dataclass(frozen=True)
class DurationObjective:
    """Alignment, durations and codes of a clip, in the style of another clip."""

    network: DurationTextToSemantic
    name: str = "s1"
    prompts: Prompts = next_clips

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
        """Pad clips and their prompts to the longest one of each."""
        prompts = self.prompts(micro_batch)
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
