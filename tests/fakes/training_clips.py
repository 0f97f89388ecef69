"""Clips, networks and learners of the tiny presets, for tests of how they are trained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from models.gpt_sovits.presets import Preset
from tests.fakes.tiny_preset import TINY_FLOW
from tests.fakes.training_set import random_tokenizer
from voxgate.features.clips import TrainingClip
from voxgate.params.train import SynthesizerParams, TextToSemanticParams
from voxgate.training.fit.learner import NetworkLearner
from voxgate.training.fit.stepper import Stepper
from voxgate.training.networks import Networks, build_networks
from voxgate.training.objectives.adversarial import AdversarialLearner
from voxgate.training.objectives.text_to_semantic import TextToSemanticObjective

TOKENIZER = {name: torch.from_numpy(value) for name, value in random_tokenizer().items()}
LOOP: dict[str, Any] = {
    "steps": 4,
    "batch_size": 4,
    "learning_rate": 1e-3,
    "warmup_steps": 0,
    "final_learning_rate_ratio": 1.0,
    "weight_decay": 0.01,
    "max_gradient_norm": None,
    "validate_every": 4,
}


def clip(name: str, tokens: int, *, phones: int = 6) -> TrainingClip:
    """A hum of `tokens` tokens at 16 kHz."""
    time_s = np.arange(tokens * 640) / 16000
    wave = (0.2 * np.sign(np.sin(2 * np.pi * (100 + 10 * tokens) * time_s))).astype(np.float32)
    return TrainingClip(
        clip_id=name,
        text="",
        phones=np.arange(1, phones + 1, dtype=np.int64),
        tokens=np.arange(3, 3 + tokens, dtype=np.int64),
        read_wave=lambda: wave,
    )


CLIPS = (
    clip("a", 8, phones=4),
    clip("b", 11, phones=7),
    clip("c", 9, phones=5),
    clip("d", 14, phones=9),
)


def networks(preset: Preset = TINY_FLOW, *, dropout: float = 0.0, seed: int = 1) -> Networks:
    sizes = replace(preset.text_to_semantic, dropout=dropout)
    return build_networks(replace(preset, text_to_semantic=sizes), seed=seed, tokenizer=TOKENIZER)


def flow_learner(
    stepper: Stepper | None = None, *, preset: Preset = TINY_FLOW, **params: Any
) -> AdversarialLearner:
    built = networks(preset)
    assert built.discriminators is not None
    return AdversarialLearner(
        built.synthesizer,
        built.discriminators,
        SynthesizerParams(**(LOOP | params)),
        stepper or Stepper(),
    )


def text_learner(
    stepper: Stepper | None = None, *, dropout: float = 0.0, **params: Any
) -> NetworkLearner:
    chosen = TextToSemanticParams(**(LOOP | params))
    objective = TextToSemanticObjective(
        networks(dropout=dropout).text_to_semantic,
        summed=chosen.summed_loss,
        preference_weight=chosen.preference_weight,
    )
    return NetworkLearner(
        objective,
        weight_decay=chosen.weight_decay,
        max_gradient_norm=chosen.max_gradient_norm,
        optimizer=chosen.optimizer,
        stepper=stepper or Stepper(),
    )


def update(learner: Any, clips: tuple[TrainingClip, ...] = CLIPS, *, rate=1e-3, seed=1):
    """Take one step with a fresh generator."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    return learner.update(clips, learning_rate=rate, generator=generator)


def still_flow_learner(stepper: Stepper | None = None, **params: Any) -> AdversarialLearner:
    """Return a learner to which a clip is the same in every batch: no dropout, no padding.

    The convolutions of the reference encoder look two frames past a clip's end, as in the public
    code: padded, a clip has a slightly different timbre. Here there are none.
    """
    learner = flow_learner(stepper, **params)
    for layer in learner.network.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    learner.network.ref_enc.temporal = nn.Identity()
    return learner
