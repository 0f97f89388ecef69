"""The learning rate of a step."""

from __future__ import annotations

import math

from models.gpt_sovits.schedules import epoch_learning_rate, public_text_learning_rate
from voxgate.params.train import LoopParams

__all__ = ["learning_rate_at", "scheduled_rate"]


def scheduled_rate(loop: LoopParams, step: int, *, batches_per_epoch: int) -> float:
    """Return the learning rate of `step` (from 0) as `loop.schedule` has it.

    A pure function of the step, so that a resumed run needs no scheduler state.
    """
    if loop.schedule == "epoch-exponential":
        return epoch_learning_rate(loop.learning_rate, step // batches_per_epoch + 1)
    if loop.schedule == "public-text":
        return public_text_learning_rate(step)
    return learning_rate_at(
        step,
        steps=loop.steps,
        peak=loop.learning_rate,
        warmup_steps=loop.warmup_steps,
        final_ratio=loop.final_learning_rate_ratio,
    )


def learning_rate_at(
    step: int, *, steps: int, peak: float, warmup_steps: int, final_ratio: float
) -> float:
    """Rise linearly to `peak` over `warmup_steps`, then fall along a half cosine.

    The last step (`steps` - 1) uses `peak * final_ratio`. Cosine decay: Loshchilov & Hutter 2017,
    without restarts.
    """
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / max(1, steps - 1 - warmup_steps)
    weight = 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))
    return peak * (final_ratio + (1.0 - final_ratio) * weight)
