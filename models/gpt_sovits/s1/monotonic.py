"""Monotonic alignment of phones and frames: the likelihood of all paths, and the best path.

A path starts at the first phone, ends at the last, and from frame to frame stays or moves on by
one: every phone has at least one frame. B batch, T frames, L phones.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

__all__ = ["best_durations", "path_log_likelihood"]

_IMPOSSIBLE = -1e9


def path_log_likelihood(
    log_probability: Tensor, frame_lengths: Tensor, phone_lengths: Tensor
) -> Tensor:
    """Sum the probability of every path (the forward algorithm).

    Args:
        log_probability: (B, T, L) of each frame given each phone.
        frame_lengths: (B,) int64, at least the item's phones.
        phone_lengths: (B,) int64.

    Returns:
        (B,) natural log; its gradient is the posterior of phone and frame.
    """
    total: Tensor = _PathSum.apply(  # type: ignore[no-untyped-call]  # torch leaves it untyped
        log_probability, frame_lengths, phone_lengths
    )
    return total


@torch.no_grad()
def best_durations(log_probability: Tensor, frame_lengths: Tensor, phone_lengths: Tensor) -> Tensor:
    """Return the frames of each phone on the likeliest path: (B, L) int64, 0 past an item's end.

    Arguments as in `path_log_likelihood`.

    Raises:
        ValueError: an item has more phones than frames, so that no path exists.
    """
    if bool((phone_lengths > frame_lengths).any()):
        row = int((phone_lengths > frame_lengths).nonzero()[0])
        raise ValueError(
            f"item {row}: {int(phone_lengths[row])} phones cannot share "
            f"{int(frame_lengths[row])} frames; every phone needs at least one"
        )
    batch, frames, phones = log_probability.shape
    score = _start(log_probability)
    moved = torch.zeros(batch, frames, phones, dtype=torch.bool, device=score.device)
    for frame in range(1, frames):
        from_before = _shift(score)
        moved[:, frame] = from_before > score
        best = torch.maximum(score, from_before) + log_probability[:, frame]
        score = torch.where((frame < frame_lengths)[:, None], best, score)
    return _trace(moved, frame_lengths, phone_lengths)


def _trace(moved: Tensor, frame_lengths: Tensor, phone_lengths: Tensor) -> Tensor:
    batch, frames, phones = moved.shape
    rows = torch.arange(batch, device=moved.device)
    durations = torch.zeros(batch, phones, dtype=torch.long, device=moved.device)
    at = phone_lengths - 1
    for frame in range(frames - 1, -1, -1):
        inside = frame < frame_lengths
        durations[rows, at] += inside.long()
        at = at - (moved[rows, frame, at] & inside).long()
    return durations


class _PathSum(torch.autograd.Function):
    """Forward-backward without autograd's bookkeeping of every frame."""

    @staticmethod
    def forward(
        ctx: Any, log_probability: Tensor, frame_lengths: Tensor, phone_lengths: Tensor
    ) -> Tensor:
        emission = log_probability.detach().float()
        _, frames, _ = emission.shape
        forward = [_start(emission)]
        for frame in range(1, frames):
            before = forward[-1]
            reached = torch.logaddexp(before, _shift(before)) + emission[:, frame]
            forward.append(torch.where((frame < frame_lengths)[:, None], reached, before))
        rows = torch.arange(len(emission), device=emission.device)
        total = forward[-1][rows, phone_lengths - 1]
        ctx.save_for_backward(
            _posterior(forward, emission, frame_lengths, phone_lengths, total).to(
                log_probability.dtype
            )
        )
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (posterior,) = ctx.saved_tensors
        return gradients[0][:, None, None] * posterior, None, None


def _posterior(
    forward: list[Tensor],
    emission: Tensor,
    frame_lengths: Tensor,
    phone_lengths: Tensor,
    total: Tensor,
) -> Tensor:
    """Return P(phone at frame): (B, T, L), zero past an item's end."""
    batch, frames, phones = emission.shape
    last = torch.arange(phones, device=emission.device) == (phone_lengths - 1)[:, None]
    end = torch.where(last, 0.0, _IMPOSSIBLE)
    backward = end
    posterior = torch.empty_like(emission)
    for frame in range(frames - 1, -1, -1):
        inside = (frame < frame_lengths)[:, None]
        share = (forward[frame] + backward - total[:, None]).exp()
        posterior[:, frame] = torch.where(inside, share, 0.0)
        if frame:
            ahead = backward + emission[:, frame]
            moved = torch.cat([ahead[:, 1:], ahead.new_full((batch, 1), _IMPOSSIBLE)], dim=1)
            backward = torch.where(inside, torch.logaddexp(ahead, moved), end)
    return posterior


def _start(emission: Tensor) -> Tensor:
    first = torch.full_like(emission[:, 0], _IMPOSSIBLE)
    first[:, 0] = emission[:, 0, 0]
    return first


def _shift(score: Tensor) -> Tensor:
    return torch.cat([score.new_full((len(score), 1), _IMPOSSIBLE), score[:, :-1]], dim=1)
