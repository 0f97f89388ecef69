"""A moving average of the weights is what counts (Izmailov et al. 2018).

With a constant learning rate and an average, no run has to know how many will follow.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from voxgate.features.clips import TrainingClip
from voxgate.training.fit.learner import Losses, NetworkLearner
from voxgate.training.fit.learner_state import joined_state, network_state, split_state
from voxgate.training.fit.resume import ResumeStore

__all__ = ["AveragedNetwork", "AveragingLearner", "read_average"]

_LOG = logging.getLogger(__name__)


@dataclass
class AveragingLearner:
    """Implements fit.learner.Learner: trains a network, and is measured and kept by its average."""

    learner: NetworkLearner
    decay: float
    step: int = field(default=0, init=False)
    average: dict[str, Tensor] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        network = self.learner.objective.network
        self.average = {name: t.detach().clone() for name, t in network.state_dict().items()}

    @property
    def name(self) -> str:
        """`s1` or `s2`."""
        return self.learner.name

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by."""
        return self.learner.length(clip)

    def update(
        self, clips: Sequence[TrainingClip], *, learning_rate: float, generator: torch.Generator
    ) -> Losses:
        """Take one optimiser step on these clips, and the average after it."""
        losses = self.learner.update(clips, learning_rate=learning_rate, generator=generator)
        self.step += 1
        self._follow()
        return losses

    def measure(self, clips: Sequence[TrainingClip], *, generator: torch.Generator) -> Losses:
        """Compute the losses of the averaged weights."""
        with self._averaged():
            return self.learner.measure(clips, generator=generator)

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged weights on the CPU."""
        return {name: tensor.cpu().contiguous().clone() for name, tensor in self.average.items()}

    def state(self) -> dict[str, Tensor]:
        """Return what the next step depends on."""
        return joined_state(
            learner=self.learner.state(),
            average=self.weights(),
            progress={"step": torch.tensor(self.step)},
        )

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from `state`; from that of other sizes, with the weights that still fit."""
        own = self.state()
        anew = [name for name in own if name not in state or state[name].shape != own[name].shape]
        if anew:
            _LOG.warning("%s: %s do not fit; they start anew", self.name, ", ".join(anew))
            # The optimiser knows parameters by number: its moments are those of other ones.
            state = own | {name: state[name] for name in own if name not in anew}
        parts = split_state(state)
        self.learner.restore(parts["learner"])
        for name, tensor in parts["average"].items():
            self.average[name].copy_(tensor)
        self.step = int(parts["progress"]["step"])

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        for name, value in self.learner.objective.network.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - decay)

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        network = self.learner.objective.network
        own = network_state(network)
        network.load_state_dict(self.average)
        try:
            yield
        finally:
            network.load_state_dict(own)


@dataclass(frozen=True)
class AveragedNetwork:
    """The averaged weights after `step` steps."""

    step: int
    weights: dict[str, Tensor]


def read_average(folder: Path) -> AveragedNetwork | None:
    """Read the average of the newest resume point in `folder`, or None where there is none."""
    point = ResumeStore(folder).latest()
    return (
        None if point is None else AveragedNetwork(point.step, split_state(point.state)["average"])
    )
