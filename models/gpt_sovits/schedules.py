"""Learning rates over a run, and which parameters learn at which.

Source: docs/gpt_sovits.md 3.9 and 4.3; the schedules are pure functions of the step or epoch, so
that a resumed run has the rate of an uninterrupted one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn

__all__ = [
    "epoch_learning_rate",
    "public_text_learning_rate",
    "synthesizer_groups",
]

_TEXT_PARTS = ("enc_p.text_embedding.", "enc_p.encoder_text.", "enc_p.mrte.")
_EPOCH_DECAY = 0.999875
_PUBLIC_FIRST = 0.01
_PUBLIC_LATER = 0.002


def epoch_learning_rate(base: float, epoch: int, *, decay: float = _EPOCH_DECAY) -> float:
    """Return S2's learning rate in an epoch; epochs count from 1, the first is decayed already."""
    return base * decay**epoch


def public_text_learning_rate(step: int) -> float:
    """Return the rate that the public S1 training code really uses; steps count from 0.

    Its warm-up and cosine settings have no effect there (measured, golden/lr_schedules.json).
    """
    return _PUBLIC_FIRST if step == 0 else _PUBLIC_LATER


def synthesizer_groups(
    model: nn.Module, learning_rate: float, *, text_rate: float = 0.4
) -> Sequence[Mapping[str, Any]]:
    """Split S2's parameters into two optimiser groups: the text side learns slower.

    The text side (embedding, text encoder, fusion with the tokens) gets `learning_rate *
    text_rate`. The tokenizer is in the first group but never has a gradient.
    """
    text: list[nn.Parameter] = []
    other: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (text if name.startswith(_TEXT_PARTS) else other).append(parameter)
    return [
        {"params": other, "lr": learning_rate},
        {"params": text, "lr": learning_rate * text_rate},
    ]
