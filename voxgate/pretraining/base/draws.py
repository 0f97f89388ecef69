"""Which clips a step of pretraining sees, and in the style of which others it speaks them.

Both are functions of seed and step, so that resuming needs no state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from voxgate.features.clips import TrainingClip
from voxgate.pretraining.base.base_set import BaseSet
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.objectives.durations import Prompts
from voxgate.training.objectives.text_to_semantic import TextToSemanticObjective

__all__ = ["DrawnOrder", "PromptedObjective", "SameVoice"]

_TOKENS_PER_S = 25
_POOL = 256


@dataclass(frozen=True, kw_only=True)
class DrawnOrder:
    """Implements fit.batches.Order: clips of similar length, `seconds` of speech in all."""

    lengths: Sequence[int]
    """Tokens of each clip."""

    seconds: float
    seed: int

    @property
    def batches_per_epoch(self) -> int:
        """Number of steps that hold as much speech as there is."""
        return max(1, round(sum(self.lengths) / _TOKENS_PER_S / self.seconds))

    def at(self, step: int) -> list[int]:
        """Draw a pool, and from it neighbours in length until they are `seconds` long."""
        random = np.random.default_rng([self.seed, step])
        pool = [int(i) for i in random.integers(len(self.lengths), size=_POOL)]
        pool.sort(key=self.lengths.__getitem__)
        start = int(random.integers(len(pool)))
        chosen: list[int] = []
        for index in pool[start:] + pool[:start][::-1]:
            chosen.append(index)
            longest = max(self.lengths[one] for one in chosen)
            if len(chosen) * longest / _TOKENS_PER_S >= self.seconds:
                break
        return chosen


@dataclass(frozen=True)
class SameVoice:
    """Draws for each clip of a micro-batch another one of its voice, by its place in the batch."""

    data: BaseSet
    _by_voice: dict[str, list[TrainingClip]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for clip in self.data.train:
            self._by_voice.setdefault(self.data.voices[clip.clip_id], []).append(clip)

    def __call__(self, micro_batch: MicroBatch) -> list[TrainingClip]:
        """Return the prompts; a clip whose voice is not trained on is its own."""
        return [
            self._draw(micro_batch.batch[place], micro_batch.seed, place)
            for place in micro_batch.places
        ]

    def _draw(self, clip: TrainingClip, seed: int, place: int) -> TrainingClip:
        others = self._by_voice.get(self.data.voices[clip.clip_id], [clip])
        return others[int(np.random.default_rng([seed, place, 1]).integers(len(others)))]


@dataclass(frozen=True)
class PromptedObjective:
    """S1 that predicts token after token, each clip after a prompt of its voice.

    So it will speak: after a reference clip.
    """

    objective: TextToSemanticObjective
    prompts: Prompts
    name: str = "s1"

    @property
    def network(self) -> nn.Module:
        """What is trained."""
        return self.objective.network

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by."""
        return self.objective.length(clip)

    def losses(self, micro_batch: MicroBatch, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return the micro-batch's share of `loss` and `top3`, those of the prompts included."""
        whole = replace(micro_batch, places=tuple(range(len(micro_batch.batch))))
        pairs = zip(self.prompts(whole), micro_batch.batch, strict=True)
        joined = tuple(_joined(prompt, clip) for prompt, clip in pairs)
        return self.objective.losses(replace(micro_batch, batch=joined), generator)


def _joined(prompt: TrainingClip, clip: TrainingClip) -> TrainingClip:
    return replace(
        clip,
        phones=np.concatenate([prompt.phones, clip.phones]),
        tokens=np.concatenate([prompt.tokens, clip.tokens]),
    )
