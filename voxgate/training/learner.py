"""What the training loop asks of a model, and the learner of a model with one optimiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from voxgate.errors import TrainingError
from voxgate.training.clips import TrainingClip

__all__ = ["Learner", "Losses", "NetworkLearner", "Objective"]

Losses = dict[str, float]
"""`loss` is what is minimised; the other entries are its parts."""

Batch = TypeVar("Batch")


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
        """Take one optimiser step on these clips; `generator` draws whatever the loss draws."""
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


class Objective(Protocol[Batch]):
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

    def collate(self, clips: Sequence[TrainingClip]) -> Batch:
        """Pad clips into one batch of tensors."""
        ...

    def losses(self, batch: Batch, *, generator: torch.Generator) -> Mapping[str, Tensor]:
        """Return `loss` (to be minimised) and its parts, each a scalar."""
        ...


@dataclass
class NetworkLearner(Generic[Batch]):
    """Trains one network with AdamW (Loshchilov & Hutter 2019) and gradient clipping by norm."""

    objective: Objective[Batch]
    weight_decay: float
    max_gradient_norm: float
    _optimizer: torch.optim.AdamW = field(init=False, repr=False)

    def __post_init__(self) -> None:
        trainable = [p for p in self.objective.network.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(
            trainable, lr=0.0, betas=(0.9, 0.98), eps=1e-8, weight_decay=self.weight_decay
        )

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
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        losses = self.objective.losses(self.objective.collate(clips), generator=generator)
        self._optimizer.zero_grad(set_to_none=True)
        losses["loss"].backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        norm = nn.utils.clip_grad_norm_(
            (p for group in self._optimizer.param_groups for p in group["params"]),
            self.max_gradient_norm,
        )
        figures = _figures(losses) | {"gradient_norm": float(norm)}
        if torch.isfinite(norm):  # a step along NaN would destroy the weights; the loop reports it
            self._optimizer.step()
        return figures

    @torch.no_grad()
    def measure(self, clips: Sequence[TrainingClip], *, generator: torch.Generator) -> Losses:
        """Compute the losses without learning; dropout is off."""
        self.objective.network.eval()
        return _figures(self.objective.losses(self.objective.collate(clips), generator=generator))

    def weights(self) -> dict[str, Tensor]:
        """Return the network's parameters and buffers on the CPU."""
        return {
            name: _plain(tensor) for name, tensor in self.objective.network.state_dict().items()
        }

    def state(self) -> dict[str, Tensor]:
        """Return weights as `network.*` and AdamW's moments as `optimizer.<index>.<name>`."""
        state = {f"network.{name}": tensor for name, tensor in self.weights().items()}
        for index, moments in self._optimizer.state_dict()["state"].items():
            for name, tensor in moments.items():
                state[f"optimizer.{index}.{name}"] = _plain(tensor)
        return state

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned."""
        weights, moments = _split(state)
        try:
            self.objective.network.load_state_dict(weights, strict=True)
        except RuntimeError as error:
            raise TrainingError(
                f"{self.name}: the resume state belongs to another network: {error}. "
                "Delete .voxgate/work and train again."
            ) from error
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": moments, "param_groups": groups})


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().contiguous().clone()


def _figures(losses: Mapping[str, Tensor]) -> Losses:
    return {name: float(value.detach()) for name, value in losses.items()}


def _split(state: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[int, dict[str, Tensor]]]:
    weights: dict[str, Tensor] = {}
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in state.items():
        owner, rest = name.split(".", 1)
        if owner == "network":
            weights[rest] = tensor
        else:
            index, moment = rest.split(".", 1)
            moments.setdefault(int(index), {})[moment] = tensor
    return weights, moments
