"""From networks and parameters to the learners that train them."""

from __future__ import annotations

import torch

from models.gpt_sovits.presets import Preset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s1.token_model import TokenNetwork
from models.gpt_sovits.s2.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.s2.mini_synthesizer import MiniSynthesizer
from voxgate.errors import TrainingError
from voxgate.params.train import LoopParams, SynthesizerParams, TextToSemanticParams
from voxgate.training.fit.learner import Learner, NetworkLearner, Objective
from voxgate.training.fit.ranks import Ranks
from voxgate.training.fit.stepper import Stepper
from voxgate.training.networks import Networks
from voxgate.training.objectives.adversarial import AdversarialLearner
from voxgate.training.objectives.durations import DurationObjective
from voxgate.training.objectives.synthesizer import SynthesizerObjective
from voxgate.training.objectives.text_to_semantic import TextToSemanticObjective

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
    # What a step feeds a network and gets of it belongs to its class: here, and for S1 below.
    if isinstance(synthesizer, FlowSynthesizer):
        assert networks.discriminators is not None
        discriminators = networks.discriminators.to(device)
        return AdversarialLearner(synthesizer, discriminators, params, stepper)
    assert isinstance(synthesizer, MiniSynthesizer)
    return NetworkLearner(
        SynthesizerObjective(chosen, synthesizer, networks.text_to_semantic),
        weight_decay=params.weight_decay,
        max_gradient_norm=params.max_gradient_norm,
        stepper=stepper,
    )


def text_to_semantic_learner(
    networks: Networks, params: TextToSemanticParams, *, device: torch.device, ranks: Ranks
) -> Learner:
    """Return what trains S1: on the next token, or on durations and codes at once.

    Raises:
        TrainingError: an option is set that the preset's S1 has no use for.
    """
    network = networks.text_to_semantic.to(device)
    return NetworkLearner(
        _text_objective(network, params),
        weight_decay=params.weight_decay,
        max_gradient_norm=params.max_gradient_norm,
        optimizer=params.optimizer,
        stepper=_stepper(params, device, ranks),
    )


def _text_objective(network: TokenNetwork, params: TextToSemanticParams) -> Objective:
    if isinstance(network, TextToSemantic):
        return TextToSemanticObjective(
            network, summed=params.summed_loss, preference_weight=params.preference_weight
        )
    if params.summed_loss or params.preference_weight or params.legacy_padding:
        raise TrainingError(
            "train.text_to_semantic: summed_loss, preference_weight and legacy_padding are options "
            "of an S1 that predicts token after token, and the preset's S1 predicts durations; "
            "leave them out, or choose another train.preset"
        )
    assert isinstance(network, DurationTextToSemantic)
    return DurationObjective(network)


def _stepper(params: LoopParams, device: torch.device, ranks: Ranks) -> Stepper:
    return Stepper(
        device=device, precision=params.precision, accumulation=params.accumulation, ranks=ranks
    )
