"""Rows of unequal length as one tensor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["pad_ids"]


def pad_ids(rows: Sequence[NDArray[np.int64]]) -> tuple[Tensor, Tensor]:
    """Right-pad ids with 0: (B, longest) int64, and the lengths (B,) int64."""
    lengths = torch.tensor([len(row) for row in rows])
    padded = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
    for index, row in enumerate(rows):
        padded[index, : len(row)] = torch.from_numpy(np.asarray(row, dtype=np.int64))
    return padded, lengths
