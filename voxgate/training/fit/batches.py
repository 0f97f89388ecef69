"""Which clips a step sees: a pure function of seed and step, so that resuming needs no state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from voxgate.params.train import LoopParams
from voxgate.training.fit.buckets import BucketOrder, cut_by_speech

__all__ = ["BatchOrder", "Order", "epoch_batches", "measured_batches", "training_order"]

_BUCKET_BATCHES = 8
"""Clips are sorted by length inside groups of this many batches: little padding, fresh mixtures."""


class Order(Protocol):
    """Says which clips a step sees, as a pure function of the step."""

    @property
    def batches_per_epoch(self) -> int:
        """Number of steps in which about every clip is seen once."""
        ...

    def at(self, step: int) -> list[int]:
        """Return the indices of the clips of step `step` (from 0)."""
        ...


def training_order(
    loop: LoopParams, lengths: Sequence[int], tokens: Sequence[int], *, seed: int
) -> Order:
    """Return the order that the parameters ask for.

    Args:
        loop: says how large a batch is, in clips or in seconds.
        lengths: of each clip, by what its learner sorts.
        tokens: of each clip, 25 a second.
        seed: decides the order together with the epoch.
    """
    if loop.batch_seconds is None:
        return BatchOrder(lengths, loop.batch_size, seed)
    return BucketOrder(
        lengths=lengths,
        tokens=tokens,
        seconds=loop.batch_seconds,
        batch_size=loop.batch_size,
        seed=seed,
    )


def measured_batches(loop: LoopParams, tokens: Sequence[int]) -> list[slice]:
    """Cut clips that are only measured, in their order, into batches no larger than a step's."""
    if loop.batch_seconds is not None:
        return cut_by_speech(tokens, seconds=loop.batch_seconds, batch_size=loop.batch_size)
    starts = range(0, len(tokens), loop.batch_size)
    return [slice(start, start + loop.batch_size) for start in starts]


@dataclass
class BatchOrder:
    """Batches of clip indices, step after step, epoch after epoch.

    `at(step)` depends on nothing but the constructor's arguments and `step`; the last epoch asked
    for is kept only to save time.
    """

    lengths: Sequence[int]
    batch_size: int
    seed: int
    _epoch: int = field(default=-1, init=False, repr=False)
    _batches: list[list[int]] = field(default_factory=list, init=False, repr=False)

    @property
    def batches_per_epoch(self) -> int:
        """Number of steps in which every clip is seen once."""
        return -(-len(self.lengths) // self.batch_size)

    def at(self, step: int) -> list[int]:
        """Return the indices of the clips of step `step` (from 0)."""
        epoch, position = divmod(step, self.batches_per_epoch)
        if epoch != self._epoch:
            self._batches = epoch_batches(
                self.lengths, batch_size=self.batch_size, seed=self.seed, epoch=epoch
            )
            self._epoch = epoch
        return self._batches[position]


def epoch_batches(
    lengths: Sequence[int], *, batch_size: int, seed: int, epoch: int
) -> list[list[int]]:
    """Cut all clips into batches of similar length, in an order drawn from (seed, epoch).

    Every clip occurs exactly once; the one batch that cannot be filled is smaller.
    """
    random = np.random.default_rng([seed, epoch])
    order = [int(index) for index in random.permutation(len(lengths))]
    group = batch_size * _BUCKET_BATCHES
    batches: list[list[int]] = []
    for start in range(0, len(order), group):
        bucket = sorted(order[start : start + group], key=lambda index: lengths[index])
        batches += [bucket[at : at + batch_size] for at in range(0, len(bucket), batch_size)]
    return [batches[int(index)] for index in random.permutation(len(batches))]
