"""Weights of a frozen extractor, from a folder of the asset store or of the user.

A folder holds `model.safetensors`, or one file as its publisher saved it, which is read by an
unpickler that runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import safetensors.torch
import torch
from torch import Tensor, nn

from models.gpt_sovits.checkpoints import CheckpointError, read_public_checkpoint
from voxgate.errors import WeightsError

__all__ = ["load_frozen", "read_frozen"]

_PICKLED = (".bin", ".ckpt", ".pth")
_SHOWN = 5

Network = TypeVar("Network", bound=nn.Module)


def read_frozen(folder: Path, network: str) -> dict[str, Tensor]:
    """Return the float32 tensors of the extractor `network` ("hubert", "eres2netv2").

    Raises:
        WeightsError: there is no such file or several, it is unsafe, or of another network.
    """
    path = folder / "model.safetensors"
    if path.is_file():
        tensors: Mapping[str, Tensor] = safetensors.torch.load_file(path)
    else:
        path = _only_file(folder)
        try:
            checkpoint = read_public_checkpoint(path)
        except CheckpointError as error:
            raise WeightsError(str(error)) from error
        if checkpoint.network != network:
            raise WeightsError(f"{path}: expected {network}, got {checkpoint.network}")
        tensors = checkpoint.weights
    return {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }


def load_frozen(
    build: Callable[[], Network], tensors: Mapping[str, Tensor], folder: Path
) -> Network:
    """Build a network that has exactly these tensors, in evaluation mode, without gradients.

    Raises:
        WeightsError: names or shapes differ.
    """
    # Construction draws random weights; the caller's generator must not notice.
    with torch.random.fork_rng(devices=[]):
        network = build()
    own = network.state_dict()
    faults = [
        f"{name}: expected {tuple(own[name].shape) if name in own else 'none'}, "
        f"got {tuple(tensors[name].shape) if name in tensors else 'none'}"
        for name in sorted(own.keys() | tensors.keys())
        if name not in own or name not in tensors or own[name].shape != tensors[name].shape
    ]
    if faults:
        raise WeightsError(
            f"{folder} does not fit its network: {len(faults)} tensors differ: "
            f"{'; '.join(faults[:_SHOWN])}. Restore weights and config.json together"
        )
    network.load_state_dict(dict(tensors))
    network.eval().requires_grad_(requires_grad=False)
    return network


def _only_file(folder: Path) -> Path:
    found = sorted(path for path in folder.iterdir() if path.suffix in _PICKLED)
    if len(found) != 1:
        named = ", ".join(path.name for path in found) or "none"
        raise WeightsError(
            f"{folder}: expected model.safetensors, or one file of "
            f"{', '.join(_PICKLED)}; found {named}. docs/public_weights.md says which are needed"
        )
    return found[0]
