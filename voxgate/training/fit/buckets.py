"""Batches of so many seconds of speech, of clips of nearly one length: little padding, flat memory.

Clips are parted by length into buckets, once: each holds what is at most `_MAX_SHORTER` shorter
than its longest. Batches never mix buckets, so that share bounds the padding of every batch,
whatever the lengths of the corpus. How many batches a bucket gives is the same in every epoch;
which clips meet in them, and the order of the batches, is drawn from seed and epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["BucketOrder", "cut_by_speech"]

_TOKENS_PER_S = 25
_MAX_SHORTER = 0.1
_NEIGHBOURS = 0.05
"""In a bucket clips meet those with so many more or fewer tokens. S1 is sorted by phones and tokens
together and pads them apart; nearer neighbours would be the same ones in every epoch."""

Indices = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class BucketOrder:
    """Implements fit.batches.Order; `at` depends on the fields and the step, and on no state."""

    lengths: Sequence[int]
    """By which clips are alike: what `Learner.length` says."""

    tokens: Sequence[int]
    """Speech tokens of each clip, 25 a second."""

    seconds: float
    """Speech of a batch at most, padding included; a longer clip is a batch of its own."""

    batch_size: int
    """Clips of a batch at most."""

    seed: int
    _epochs: dict[int, list[list[int]]] = field(default_factory=dict, init=False, repr=False)

    @property
    def batches_per_epoch(self) -> int:
        """Number of steps in which every clip is seen once."""
        return sum(-(-len(clips) // size) for clips, size in self._buckets)

    def at(self, step: int) -> list[int]:
        """Return the indices of the clips of step `step` (from 0)."""
        epoch, position = divmod(step, self.batches_per_epoch)
        if epoch not in self._epochs:
            self._epochs.clear()  # the last one is kept only to save time
            self._epochs[epoch] = self._epoch(epoch)
        return self._epochs[epoch][position]

    @cached_property
    def _buckets(self) -> list[tuple[Indices, int]]:
        """The clips of each bucket, and how many of them are a batch."""
        lengths, tokens = np.asarray(self.lengths), np.asarray(self.tokens)
        order = np.argsort(-lengths, kind="stable")
        found = []
        start = 0
        while start < len(order):
            shortest = lengths[order[start]] * (1 - _MAX_SHORTER)
            end = start + int(np.count_nonzero(lengths[order[start:]] >= shortest))
            clips = order[start:end]
            fitting = int(self.seconds * _TOKENS_PER_S // tokens[clips].max())
            found.append((clips, min(self.batch_size, max(1, fitting))))
            start = end
        return found

    def _epoch(self, epoch: int) -> list[list[int]]:
        random = np.random.default_rng([self.seed, epoch])
        tokens = np.asarray(self.tokens)
        batches: list[list[int]] = []
        for clips, size in self._buckets:
            drawn = 1 + random.uniform(-_NEIGHBOURS, _NEIGHBOURS, len(clips))
            mixed = clips[np.argsort(tokens[clips] * drawn, kind="stable")]
            batches += [mixed[at : at + size].tolist() for at in range(0, len(mixed), size)]
        return [batches[index] for index in random.permutation(len(batches))]


def cut_by_speech(tokens: Sequence[int], *, seconds: float, batch_size: int) -> list[slice]:
    """Cut clips that are sorted by length into neighbours of `seconds` of speech with padding.

    A clip that is longer alone is alone; no batch has more than `batch_size`.
    """
    starts = [0]
    longest = 0
    for index, length in enumerate(tokens):
        clips, longest = index - starts[-1], max(longest, length)
        too_long = (clips + 1) * longest > seconds * _TOKENS_PER_S
        if clips == batch_size or (clips and too_long):
            starts.append(index)
            longest = length
    return [slice(*pair) for pair in pairwise([*starts, len(tokens)])]
