"""S1 without recursion in training: phones become durations and tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gpt_sovits.duration_text_to_semantic import DurationBatch, DurationTextToSemantic
from voxgate.training.clips import TrainingClip
from voxgate.training.padding import pad_ids

__all__ = ["DurationObjective"]


@dataclass(frozen=True)
class DurationObjective:
    """Alignment, durations and codes of a clip, in the style of another clip of the batch."""

    network: DurationTextToSemantic
    name: str = "s1"

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by: tokens."""
        return len(clip.tokens)

    def collate(self, clips: Sequence[TrainingClip]) -> DurationBatch:
        """Pad clips to the longest one; each one's prompt is the next clip of the batch."""
        phones, phone_lengths = pad_ids([clip.phones for clip in clips])
        codes, code_lengths = pad_ids([clip.tokens for clip in clips])
        return DurationBatch(
            phones=phones,
            phone_lengths=phone_lengths,
            codes=codes,
            code_lengths=code_lengths,
            prompt=codes.roll(-1, dims=0),
            prompt_lengths=code_lengths.roll(-1),
            prompt_phones=phone_lengths.roll(-1),
        )

    def losses(
        self,
        batch: DurationBatch,
        *,
        generator: torch.Generator,  # noqa: ARG002  # the loss draws nothing
    ) -> Mapping[str, Tensor]:
        """Return `loss`; `path` and `code` in nats a token, `duration` in ln frames, `top1`."""
        terms = dict(self.network(batch))
        return {"loss": terms.pop("total"), **terms}
