"""Runs of frames: where they are, and which of them are one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Runs", "find_runs", "join_runs"]

Runs = NDArray[np.int64]
"""(N, 2): the first of each run, and the one after its last; in order and apart."""


def find_runs(mask: NDArray[np.bool_]) -> Runs:
    """Return the runs of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return edges.reshape(-1, 2).astype(np.int64)


def join_runs(runs: Runs, *, shortest_gap: float) -> Runs:
    """Return the runs, those with less than `shortest_gap` between them as one."""
    if not len(runs):
        return runs
    apart = runs[1:, 0] - runs[:-1, 1] >= shortest_gap
    starts = runs[np.concatenate([[True], apart]), 0]
    ends = runs[np.concatenate([apart, [True]]), 1]
    return np.stack([starts, ends], axis=1)
