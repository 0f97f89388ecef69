"""Several processes that train as one: each computes a part of every batch, all step alike.

Started by `torchrun`, whose variables (RANK, WORLD_SIZE, MASTER_ADDR, ...) say who is who; without
them there is one process and nothing here does anything. All ranks see the same files.

Gradients are summed here and not by DistributedDataParallel: a step has two optimisers,
micro-batches, and second tries of them, each of which its hooks would have to be told about.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn

from voxgate.errors import RankLostError, TrainingError

__all__ = ["ALONE", "Device", "Ranks", "join_ranks", "training_device"]

Device = torch.device
"""Where one process computes."""


@dataclass(frozen=True)
class Ranks:
    """Which of how many processes this one is."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes; the others only compute."""
        return self.rank == 0

    def wait(self) -> None:
        """Return when every rank has come here.

        Raises:
            RankLostError: another rank ended.
        """
        if self.size > 1:
            self._together(distributed.barrier)

    def sum_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace every gradient by its sum over the ranks; what has none anywhere keeps none.

        Raises:
            RankLostError: another rank ended.
        """
        if self.size == 1:
            return
        chosen = list(parameters)
        present = torch.stack([torch.tensor(p.grad is not None).float() for p in chosen])
        present = self.sum(present.to(chosen[0].device)) > 0
        trained = [p for p, has in zip(chosen, present.tolist(), strict=True) if has]
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in trained]
        summed = self.sum(nn.utils.parameters_to_vector(gradients))
        values = torch.split(summed, [p.numel() for p in trained])
        for parameter, gradient in zip(trained, values, strict=True):
            parameter.grad = gradient.view_as(parameter)

    def sum(self, values: Tensor) -> Tensor:
        """Return the sum of `values` over the ranks.

        Raises:
            RankLostError: another rank ended.
        """
        if self.size == 1:
            return values
        total = values.clone()
        self._together(lambda: distributed.all_reduce(total))
        return total

    def _together(self, exchange: Callable[[], object]) -> None:
        try:
            exchange()
        except RuntimeError as error:
            raise RankLostError(
                f"rank {self.rank} of {self.size}: another process of this training ended or "
                f"cannot be reached ({error}). Its own message comes before this one; start the "
                "same command again to go on from the last resume point"
            ) from error


ALONE = Ranks()


@contextmanager
def join_ranks(device: str, *, processes: int) -> Iterator[Ranks]:
    """Join the processes that `torchrun` started beside this one, if it did.

    Raises:
        TrainingError: there are not as many as `processes`, or they did not find each other.
    """
    started = os.environ.get("WORLD_SIZE", "1")
    if started != str(processes):
        raise TrainingError(
            f"train.processes in params.yaml is {processes}, but {started} were started "
            "(WORLD_SIZE). The number of processes is part of what is trained: start as many, or "
            "change it in params.yaml"
        )
    if "WORLD_SIZE" not in os.environ:
        yield ALONE
        return
    try:
        distributed.init_process_group("nccl" if device == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        raise TrainingError(
            f"the {os.environ['WORLD_SIZE']} processes that WORLD_SIZE names did not find each "
            f"other ({error}); start training with torchrun, or unset WORLD_SIZE"
        ) from error
    try:
        yield Ranks(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def training_device(kind: str) -> Device:
    """Return the device of this process: the CPU, or the GPU of its number on this machine.

    Raises:
        TrainingError: a GPU is asked for and there is none.
    """
    if kind != "cuda":
        return torch.device(kind)
    local, found = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if local >= found:
        raise TrainingError(
            f"VOXGATE_DEVICE is cuda and this process needs GPU {local}, but torch finds {found}; "
            "start fewer processes, or set VOXGATE_DEVICE to cpu"
        )
    torch.cuda.set_device(local)
    return torch.device("cuda", local)
