"""How long a voice is trained, by how much speech there is."""

from __future__ import annotations

from typing import TypeVar

from voxgate.params.train import LoopParams, TrainParams

__all__ = ["within_budget"]

Loop = TypeVar("Loop", bound=LoopParams)


def within_budget(params: TrainParams, share: float) -> TrainParams:
    """Return the parameters with `share` of the steps; those of 1 are what they were.

    The warm-up and the distance of rows of the learning curve shrink alike, so that a short
    training is a whole one in small and no cut-off one.
    """
    if share == 1:
        return params
    return params.model_copy(
        update={
            "synthesizer": _shortened(params.synthesizer, share),
            "text_to_semantic": _shortened(params.text_to_semantic, share),
        }
    )


def _shortened(loop: Loop, share: float) -> Loop:
    return loop.model_copy(
        update={
            "steps": max(1, round(share * loop.steps)),
            "warmup_steps": round(share * loop.warmup_steps),
            "validate_every": max(1, round(share * loop.validate_every)),
        }
    )
