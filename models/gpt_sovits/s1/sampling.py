"""From logits to one token: the order of steps that the public checkpoints were tuned with.

Source: docs/gpt_sovits.md 4.5. B batch, V vocabulary, P earlier tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["SamplingOptions", "penalise_repetition", "probabilities", "sample"]

_COLDEST = 1e-5


@dataclass(frozen=True, kw_only=True)
class SamplingOptions:
    """How tokens are drawn.

    `top_k` 0 and `top_p` 1 switch the cuts off; `top_k` 1 is greedy. A `repetition_penalty` of 1
    does nothing; above, every token that already occurred (the prompt's too) loses.
    """

    top_k: int = 15
    top_p: float = 1.0
    temperature: float = 1.0
    repetition_penalty: float = 1.35


def penalise_repetition(logits: Tensor, seen: Tensor, penalty: float) -> Tensor:
    """Return (B, V) logits with the tokens that occurred made less likely.

    Positive logits are divided by `penalty`, negative ones multiplied; `logits` stays as it is.

    Args:
        logits: (B, V).
        seen: (B, V) bool, true where a token occurred.
        penalty: 1 or more.
    """
    if penalty == 1.0:
        return logits
    weakened = torch.where(logits < 0, logits * penalty, logits / penalty)
    return torch.where(seen, weakened, logits)


def probabilities(penalised: Tensor, options: SamplingOptions) -> Tensor:
    """Turn (B, V) penalised logits into probabilities: top-p, temperature, top-k, softmax."""
    if options.top_p < 1.0:
        penalised = _keep_top_p(penalised, options.top_p)
    penalised = penalised / max(options.temperature, _COLDEST)
    if options.top_k > 0:
        least = penalised.topk(min(options.top_k, penalised.shape[-1])).values[:, -1:]
        penalised = penalised.masked_fill(penalised < least, -torch.inf)
    return penalised.softmax(-1)


def _keep_top_p(logits: Tensor, top_p: float) -> Tensor:
    """Drop the tokens past a cumulative probability of `top_p`; the best one always stays."""
    ordered, order = logits.sort(-1, descending=True)
    drop = ordered.softmax(-1).cumsum(-1) > top_p
    drop[:, 0] = False
    return logits.masked_fill(drop.scatter(1, order, drop), -torch.inf)


def sample(chances: Tensor, generators: Sequence[torch.Generator]) -> Tensor:
    """Draw one token a row: argmax of p / q with q ~ Exp(1), which is a draw from p.

    Args:
        chances: (B, V) probabilities.
        generators: one a row, so that a row's draws do not depend on its companions.

    Returns:
        (B,) int64.
    """
    races = [
        torch.empty(chances.shape[-1], device=generator.device).exponential_(generator=generator)
        for generator in generators
    ]
    return (chances / torch.stack(races).to(chances.device)).argmax(-1)
