"""Masks and windows over padded sequences."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["length_mask", "random_starts", "take_windows"]


def length_mask(lengths: Tensor, size: int) -> Tensor:
    """Return (B, size) bool, true where a position lies inside its row's length.

    Args:
        lengths: (B,) int64.
        size: padded length; a row longer than this is all true.
    """
    positions = torch.arange(size, device=lengths.device)
    return positions[None, :] < lengths[:, None]  # (B, size)


def random_starts(lengths: Tensor, size: int, draws: Tensor) -> Tensor:
    """Choose where a window of `size` frames starts in each row.

    Rows shorter than `size` start at 0. docs/gpt_sovits.md 3.5: floor(u * (length - size + 1)).

    Args:
        lengths: (B,) int64 valid frames a row.
        size: frames of the window.
        draws: (B,) float in [0, 1).

    Returns:
        (B,) int64.
    """
    free = (lengths - size + 1).clamp(min=1)
    return (draws.to(lengths.device) * free).long().clamp(max=free - 1)


def take_windows(sequence: Tensor, starts: Tensor, size: int) -> Tensor:
    """Cut one window a row out of (B, C, T); frames past the end repeat the last one.

    Returns:
        (B, C, size), differentiable with respect to `sequence`.
    """
    index = starts[:, None] + torch.arange(size, device=sequence.device)  # (B, size)
    index = index.clamp(max=sequence.shape[-1] - 1)
    return sequence.gather(2, index[:, None, :].expand(-1, sequence.shape[1], -1))
