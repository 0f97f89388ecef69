"""A learner's networks and optimisers as one flat dictionary of tensors, and back.

Keys are `<owner>.<name>`, for an optimiser `<owner>.<parameter's index>.<name>`.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from voxgate.errors import TrainingError

__all__ = [
    "joined_state",
    "network_state",
    "optimizer_state",
    "restore_network",
    "restore_optimizer",
    "split_state",
]

State = dict[str, Tensor]


def joined_state(**owners: Mapping[str, Tensor]) -> State:
    """Put the states of several owners under their names."""
    return {
        f"{owner}.{name}": tensor
        for owner, state in owners.items()
        for name, tensor in state.items()
    }


def split_state(state: Mapping[str, Tensor]) -> dict[str, State]:
    """Undo `joined_state`; an owner whose state was empty is absent."""
    parts: dict[str, State] = {}
    for name, tensor in state.items():
        owner, rest = name.split(".", 1)
        parts.setdefault(owner, {})[rest] = tensor
    return parts


def network_state(network: nn.Module) -> State:
    """Return parameters and buffers, on the CPU."""
    return {name: _plain(tensor) for name, tensor in network.state_dict().items()}


def restore_network(network: nn.Module, state: Mapping[str, Tensor], *, learner: str) -> None:
    """Give a network the weights that `network_state` returned.

    Raises:
        TrainingError: they are those of another network.
    """
    try:
        network.load_state_dict(dict(state), strict=True)
    except RuntimeError as error:
        raise TrainingError(
            f"{learner}: the resume state belongs to another network: {error}. "
            "Delete .voxgate/work and train again."
        ) from error


def optimizer_state(optimizer: torch.optim.Optimizer) -> State:
    """Return what the optimiser keeps of each parameter; whole numbers become int64 tensors."""
    return {
        f"{index}.{name}": _plain(torch.as_tensor(value))
        for index, kept in optimizer.state_dict()["state"].items()
        for name, value in kept.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, state: Mapping[str, Tensor]) -> None:
    """Give an optimiser what `optimizer_state` returned."""
    kept: dict[int, dict[str, Tensor | int]] = {}
    for name, tensor in state.items():
        index, entry = name.split(".", 1)
        whole = tensor.dtype == torch.int64
        kept.setdefault(int(index), {})[entry] = int(tensor) if whole else tensor
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": kept, "param_groups": groups})


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().contiguous().clone()
