import pytest
import torch

from tests.fakes.tiny_preset import TINY, TINY_DURATIONS, TINY_FLOW
from tests.fakes.training_clips import LOOP, TOKENIZER, networks, update
from voxgate.errors import TrainingError
from voxgate.params.train import SynthesizerParams, TextToSemanticParams
from voxgate.training.fit.learner import NetworkLearner
from voxgate.training.fit.ranks import ALONE
from voxgate.training.learners import synthesizer_learner, text_to_semantic_learner
from voxgate.training.networks import build_networks
from voxgate.training.objectives.adversarial import AdversarialLearner

WHERE = {"device": torch.device("cpu"), "ranks": ALONE}


def test_a_flow_is_trained_against_discriminators_and_mini_on_spectra():
    params = SynthesizerParams(**LOOP, precision="bfloat16", accumulation=3)
    flow = synthesizer_learner(TINY_FLOW, networks(TINY_FLOW), params, **WHERE)
    mini = synthesizer_learner(TINY, networks(TINY), params, **WHERE)

    assert isinstance(flow, AdversarialLearner)
    assert isinstance(mini, NetworkLearner)
    for learner in (flow, mini):
        assert learner.name == "s2"
        assert (learner.stepper.precision, learner.stepper.accumulation) == ("bfloat16", 3)


def test_the_options_of_s1_reach_its_learner():
    params = TextToSemanticParams(
        **LOOP, optimizer="scaled-adam", summed_loss=True, preference_weight=0.5
    )
    learner = text_to_semantic_learner(networks(TINY), params, **WHERE)

    assert learner.name == "s1"
    assert type(learner._optimizer).__name__ == "ScaledAdam"
    assert learner.objective.summed
    assert learner.objective.preference_weight == 0.5


def test_an_s1_of_durations_is_trained_on_them_and_refuses_options_of_the_other():
    built = build_networks(TINY_DURATIONS, seed=1, tokenizer=TOKENIZER)
    learner = text_to_semantic_learner(built, TextToSemanticParams(**LOOP), **WHERE)
    losses = [update(learner, rate=1e-2) for _ in range(10)]

    assert {"path", "code", "duration", "top1"} <= set(losses[0])
    assert losses[-1]["loss"] < 0.9 * losses[0]["loss"]
    with pytest.raises(TrainingError, match="the preset's S1 predicts durations"):
        text_to_semantic_learner(
            built, TextToSemanticParams(**LOOP, preference_weight=1.0), **WHERE
        )
