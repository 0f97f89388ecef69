"""The learning rate of a step."""

from __future__ import annotations

import math

__all__ = ["learning_rate_at"]


def learning_rate_at(
    step: int, *, steps: int, peak: float, warmup_steps: int, final_ratio: float
) -> float:
    """Rise linearly to `peak` over `warmup_steps`, then fall along a half cosine.

    The last step (`steps` - 1) uses `peak * final_ratio`. A pure function of the step, so that a
    resumed run needs no scheduler state. Cosine decay: Loshchilov & Hutter 2017, without restarts.
    """
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / max(1, steps - 1 - warmup_steps)
    weight = 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))
    return peak * (final_ratio + (1.0 - final_ratio) * weight)
