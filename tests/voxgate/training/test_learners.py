import torch

from tests.fakes.tiny_preset import TINY, TINY_FLOW
from tests.fakes.training_clips import LOOP, networks
from voxgate.params.train import SynthesizerParams, TextToSemanticParams
from voxgate.training.adversarial import AdversarialLearner
from voxgate.training.learner import NetworkLearner
from voxgate.training.learners import synthesizer_learner, text_to_semantic_learner
from voxgate.training.ranks import ALONE

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
