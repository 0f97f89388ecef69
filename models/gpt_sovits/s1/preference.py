"""Teach S1 to prefer true token sequences over stuttered and clipped ones.

Source: docs/gpt_sovits.md 4.2, the direct preference option (Rafailov et al. 2023, arXiv
2305.18290, without a reference model). B batch, M tokens, V vocabulary.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from models.gpt_sovits.masks import length_mask

__all__ = ["preference_loss", "reject_tokens", "sequence_log_probability"]

_STRENGTH = 0.2


def sequence_log_probability(
    logits: Tensor, targets: Tensor, counted: Tensor | None = None
) -> Tensor:
    """Sum ln p(target) over a row's first `counted` positions: (B, M, V) and (B, M) → (B,).

    None counts every position, padding too, as the public training code does.
    """
    chosen = logits.float().log_softmax(-1).gather(-1, targets[:, :, None])[:, :, 0]
    if counted is not None:
        chosen = chosen * length_mask(counted, chosen.shape[1])
    return chosen.sum(-1)


def preference_loss(true: Tensor, rejected: Tensor, *, strength: float = _STRENGTH) -> Tensor:
    """Return -ln sigmoid(strength * (true - rejected)), the mean over (B,) log-probabilities."""
    return -F.logsigmoid(strength * (true - rejected)).mean()


def reject_tokens(codes: Tensor, generator: torch.Generator) -> Tensor:
    """Spoil a sequence the way failed synthesis does: repeat a random span, or drop it.

    Args:
        codes: (M,) int64, two or more.
        generator: draws what happens and where.

    Returns:
        A longer or shorter sequence, never empty.

    Raises:
        ValueError: fewer than two codes.
    """
    size = len(codes)
    if size < 2:  # noqa: PLR2004
        raise ValueError(f"a sequence needs two codes or more to be spoiled, got {size}")
    start, end = sorted(torch.randperm(size, generator=generator)[:2].tolist())
    repeats = bool(torch.randint(2, (1,), generator=generator))
    middle = codes[start:end]
    kept = [codes[:end], middle, codes[end:]] if repeats else [codes[:start], codes[end:]]
    return torch.cat(kept)
