"""What trains each network of the base: the objectives of `training`, on many voices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import safetensors.torch
import torch
from torch import nn

from models.gpt_sovits.presets import MINI, MINI_AR, DurationPreset, TextToSemanticPreset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer
from voxgate.errors import WeightsError
from voxgate.pretraining.base.averaging import AveragingLearner, read_average
from voxgate.pretraining.base.base_set import CODEBOOK_FILE, BaseSet
from voxgate.pretraining.base.draws import PromptedObjective, SameVoice
from voxgate.training.fit.determinism import seeded
from voxgate.training.fit.learner import NetworkLearner, Objective
from voxgate.training.fit.stepper import Stepper
from voxgate.training.objectives.durations import DurationObjective
from voxgate.training.objectives.synthesizer import SynthesizerObjective
from voxgate.training.objectives.text_to_semantic import TextToSemanticObjective
from voxgate.voice.speech_tokenizer import CODEBOOK_KEY

__all__ = ["FitOptions", "Model", "Sources", "build_learner"]

Model = Literal["s1", "s1-ar", "s2"]


@dataclass(frozen=True, kw_only=True)
class FitOptions:
    """What decides a step."""

    learning_rate: float = 1e-3
    """Constant after the warm-up."""

    warmup_steps: int = 200
    weight_decay: float = 0.01
    max_gradient_norm: float = 2.0
    seconds_per_batch: float = 60.0
    average_decay: float = 0.999
    seed: int = 20261125


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where what a learner is built from lies."""

    prepared: Path
    """The folder that `prepare` wrote."""

    state: Path
    """The folder of all states: S2 aligns with the averaged S1 in it."""

    start: Path | None = None
    """The folder of a base whose weights are where training starts, instead of random ones."""


def build_learner(
    model: Model, data: BaseSet, sources: Sources, options: FitOptions, *, device: torch.device
) -> AveragingLearner:
    """Return what trains `s1`, `s1-ar` or `s2`, at seeded random weights or those of a base.

    Raises:
        ValueError: S2 is asked for before S1 has a state.
        WeightsError: the base to start from has no such network, or one of other sizes.
    """
    with seeded(options.seed):
        objective = _objective(model, data, sources, device)
    if sources.start is not None:
        _load(objective.network, sources.start / f"{model}.safetensors")
    learner = NetworkLearner(
        objective,
        weight_decay=options.weight_decay,
        max_gradient_norm=options.max_gradient_norm,
        stepper=Stepper(device=device),
    )
    return AveragingLearner(learner, options.average_decay)


def _load(network: nn.Module, path: Path) -> None:
    """Take the weights of a base; phones that it never met keep their random ones."""
    if not path.is_file():
        raise WeightsError(f"{path} is absent; name the folder of a base to start from")
    weights = {name: one.float() for name, one in safetensors.torch.load_file(path).items()}
    own = network.state_dict()
    strange = [
        name for name, one in own.items() if name not in weights or weights[name].shape != one.shape
    ]
    if strange:
        raise WeightsError(f"{path}: {', '.join(strange[:3])} are absent or of another size")
    network.load_state_dict({name: weights[name] for name in own})


def _objective(model: Model, data: BaseSet, sources: Sources, device: torch.device) -> Objective:
    if model == "s1":
        return DurationObjective(_duration_model().to(device), prompts=SameVoice(data))
    if model == "s1-ar":
        sizes = MINI_AR.text_to_semantic
        assert isinstance(sizes, TextToSemanticPreset)
        network = TextToSemantic(sizes).to(device)
        return PromptedObjective(TextToSemanticObjective(network), SameVoice(data))
    aligner = _aligner(sources.state / "s1").to(device)
    synthesizer = _synthesizer(sources.prepared / CODEBOOK_FILE).to(device)
    return SynthesizerObjective(MINI, synthesizer, aligner, pitch=dict(data.pitch))


def _duration_model() -> DurationTextToSemantic:
    sizes = MINI.text_to_semantic
    assert isinstance(sizes, DurationPreset)
    return DurationTextToSemantic(sizes)


def _aligner(folder: Path) -> DurationTextToSemantic:
    found = read_average(folder)
    if found is None:
        raise ValueError(f"{folder}: S2 needs S1's alignments; fit --model s1 first")
    aligner = _duration_model()
    aligner.load_state_dict(found.weights)
    return aligner.eval()


def _synthesizer(codebook: Path) -> MiniSynthesizer:
    network = MiniSynthesizer(MINI)
    vectors = torch.from_numpy(np.load(codebook).astype(np.float32))
    network.load_state_dict(network.state_dict() | {CODEBOOK_KEY: vectors})
    return network
