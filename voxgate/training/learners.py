"""From networks and parameters to the learners that train them."""

from __future__ import annotations

import torch

from models.gpt_sovits.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.presets import Preset
from voxgate.params.train import LoopParams, SynthesizerParams, TextToSemanticParams
from voxgate.training.adversarial import AdversarialLearner
from voxgate.training.learner import Learner, NetworkLearner
from voxgate.training.networks import Networks
from voxgate.training.ranks import Ranks
from voxgate.training.stepper import Stepper
from voxgate.training.synthesizer import SynthesizerObjective
from voxgate.training.text_to_semantic import TextToSemanticObjective

__all__ = ["synthesizer_learner", "text_to_semantic_learner"]


def synthesizer_learner(
    chosen: Preset,
    networks: Networks,
    params: SynthesizerParams,
    *,
    device: torch.device,
    ranks: Ranks,
) -> Learner:
    """Return what trains S2: adversarially if the preset has a flow, on spectra alone if not."""
    stepper = _stepper(params, device, ranks)
    synthesizer = networks.synthesizer.to(device)
    if isinstance(synthesizer, FlowSynthesizer):
        assert networks.discriminators is not None
        judges = networks.discriminators.to(device)
        return AdversarialLearner(synthesizer, judges, params, stepper)
    return NetworkLearner(
        SynthesizerObjective(chosen, synthesizer),
        weight_decay=params.weight_decay,
        max_gradient_norm=params.max_gradient_norm,
        stepper=stepper,
    )


def text_to_semantic_learner(
    networks: Networks, params: TextToSemanticParams, *, device: torch.device, ranks: Ranks
) -> Learner:
    """Return what trains S1."""
    objective = TextToSemanticObjective(
        networks.text_to_semantic.to(device),
        summed=params.summed_loss,
        preference_weight=params.preference_weight,
    )
    return NetworkLearner(
        objective,
        weight_decay=params.weight_decay,
        max_gradient_norm=params.max_gradient_norm,
        optimizer=params.optimizer,
        stepper=_stepper(params, device, ranks),
    )


def _stepper(params: LoopParams, device: torch.device, ranks: Ranks) -> Stepper:
    return Stepper(
        device=device, precision=params.precision, accumulation=params.accumulation, ranks=ranks
    )
