"""A batch in parts, each of which adds its share to the losses and gradients of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from voxgate.features.clips import TrainingClip
from voxgate.training.fit.determinism import step_seed

__all__ = ["MicroBatch"]


@dataclass(frozen=True, kw_only=True)
class MicroBatch:
    """Some clips of a step's batch.

    A term that is a mean over N things in the whole batch is, in a micro-batch with n of them,
    its own mean times n / N: their terms then add up to the batch's, and so do their gradients.
    """

    batch: tuple[TrainingClip, ...]
    """Everything that the step learns from."""

    places: tuple[int, ...]
    """Which of these clips this one has."""

    seed: int
    """Names the random numbers of the step."""

    weight: float = 1.0
    """0 where it stands in for none (see `Stepper`)."""

    @classmethod
    def whole(cls, clips: Sequence[TrainingClip], *, seed: int) -> MicroBatch:
        """Return all of a batch as one micro-batch."""
        return cls(batch=tuple(clips), places=tuple(range(len(clips))), seed=seed)

    @property
    def clips(self) -> tuple[TrainingClip, ...]:
        """The clips at `places`."""
        return tuple(self.batch[place] for place in self.places)

    @property
    def clip_share(self) -> float:
        """Share of the batch's clips."""
        return self.weight * len(self.places) / len(self.batch)

    @property
    def token_share(self) -> float:
        """Share of the batch's tokens, and so of its frames."""
        return self.weight * _tokens(self.clips) / _tokens(self.batch)

    @property
    def target_share(self) -> float:
        """Share of what S1 predicts: the tokens and one end a clip."""
        own, all_ = _tokens(self.clips) + len(self.places), _tokens(self.batch) + len(self.batch)
        return self.weight * own / all_

    def cut(self, count: int) -> list[MicroBatch]:
        """Divide into at most `count` micro-batches of neighbours, none of them empty."""
        size = -(-len(self.places) // count)
        return [
            replace(self, places=self.places[at : at + size])
            for at in range(0, len(self.places), size)
        ]

    def generators(self) -> list[torch.Generator]:
        """Return one generator a clip: its draws depend on its place in the batch only."""
        return [
            torch.Generator().manual_seed(step_seed(self.seed, "place", place))
            for place in self.places
        ]

    def generator(self) -> torch.Generator:
        """Return a generator for what is drawn for all clips at once."""
        # the word is part of the seed of every run so far
        return torch.Generator().manual_seed(step_seed(self.seed, "piece", self.places[0]))

    def seed_dropout(self) -> None:
        """Let dropout draw the same for these clips of this step, however often it is run."""
        torch.manual_seed(step_seed(self.seed, "dropout", self.places[0]))


def _tokens(clips: Sequence[TrainingClip]) -> int:
    return sum(len(clip.tokens) for clip in clips)
