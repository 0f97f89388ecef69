"""What the training loop asks of a model, and the learner of a model with one optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import torch
from torch import Tensor, nn

from models.gpt_sovits.optim import ScaledAdam
from voxgate.features.clips import TrainingClip
from voxgate.training.fit.learner_state import (
    joined_state,
    network_state,
    optimizer_state,
    restore_network,
    restore_optimizer,
    split_state,
)
from voxgate.training.fit.micro_batch import MicroBatch
from voxgate.training.fit.stepper import Losses, Stepper

__all__ = ["Learner", "Losses", "NetworkLearner", "Objective"]


class Learner(Protocol):
    """A model that can be trained step by step and put back to an earlier step.

    The loop owns order, schedule, seeds and files; the learner owns networks and optimisers. A
    model with a discriminator implements the same protocol with two optimisers inside.
    """

    @property
    def name(self) -> str:
        """`s1` or `s2`: the prefix in histories, seeds and file names."""
        ...

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by."""
        ...

    def update(
        self, clips: Sequence[TrainingClip], *, learning_rate: float, generator: torch.Generator
    ) -> Losses:
        """Take one optimiser step on these clips.

        `generator` draws whatever the loss draws; its seed names the step, so it is a fresh one.
        """
        ...

    def measure(self, clips: Sequence[TrainingClip], *, generator: torch.Generator) -> Losses:
        """Compute the losses without learning; dropout is off."""
        ...

    def weights(self) -> dict[str, Tensor]:
        """Return what a checkpoint keeps."""
        ...

    def state(self) -> dict[str, Tensor]:
        """Return everything that the next step depends on."""
        ...

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned.

        Raises:
            TrainingError: the state is that of another network.
        """
        ...


class Objective(Protocol):
    """One network and how it is judged on a batch."""

    @property
    def name(self) -> str:
        """`s1` or `s2`."""
        ...

    @property
    def network(self) -> nn.Module:
        """What is trained."""
        ...

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by."""
        ...

    def losses(self, micro_batch: MicroBatch, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return its share of `loss` (to be minimised) and of the parts, each a scalar."""
        ...


@dataclass
class NetworkLearner:
    """Trains one network: AdamW (Loshchilov & Hutter 2019) or ScaledAdam, clipping by norm."""

    objective: Objective
    weight_decay: float
    """AdamW's; ScaledAdam has none."""

    max_gradient_norm: float | None
    optimizer: Literal["adamw", "scaled-adam"] = "adamw"
    stepper: Stepper = field(default_factory=Stepper)
    _optimizer: torch.optim.Optimizer = field(init=False, repr=False)

    def __post_init__(self) -> None:
        trainable = [p for p in self.objective.network.parameters() if p.requires_grad]
        if self.optimizer == "adamw":
            self._optimizer = torch.optim.AdamW(
                trainable, lr=0.0, betas=(0.9, 0.98), eps=1e-8, weight_decay=self.weight_decay
            )
        else:
            self._optimizer = ScaledAdam(trainable)

    @property
    def name(self) -> str:
        """`s1` or `s2`."""
        return self.objective.name

    def length(self, clip: TrainingClip) -> int:
        """Return what batches are sorted by."""
        return self.objective.length(clip)

    def update(
        self, clips: Sequence[TrainingClip], *, learning_rate: float, generator: torch.Generator
    ) -> Losses:
        """Take one optimiser step on these clips."""
        self.objective.network.train()
        (group,) = self._optimizer.param_groups
        group["lr"] = learning_rate
        figures = self.stepper.gradients(
            group["params"], clips, self.objective.losses, generator=generator
        )
        figures |= self.stepper.step(self._optimizer, max_gradient_norm=self.max_gradient_norm)
        self.stepper.finish()
        return figures

    def measure(self, clips: Sequence[TrainingClip], *, generator: torch.Generator) -> Losses:
        """Compute the losses without learning; dropout is off."""
        self.objective.network.eval()
        return self.stepper.measure(clips, self.objective.losses, generator=generator)

    def weights(self) -> dict[str, Tensor]:
        """Return the network's parameters and buffers on the CPU."""
        return network_state(self.objective.network)

    def state(self) -> dict[str, Tensor]:
        """Return weights, the optimiser's moments and the scale of the losses, if there is one."""
        return joined_state(
            network=self.weights(),
            optimizer=optimizer_state(self._optimizer),
            scaler=self.stepper.state(),
        )

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned."""
        parts = split_state(state)
        restore_network(self.objective.network, parts["network"], learner=self.name)
        restore_optimizer(self._optimizer, parts.get("optimizer", {}))
        self.stepper.restore(parts.get("scaler", {}))
