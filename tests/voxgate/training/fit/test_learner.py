from dataclasses import dataclass, field

import pytest
import torch
from torch import nn

from voxgate.errors import TrainingError
from voxgate.training.fit.learner import NetworkLearner


@dataclass
class FitALine:
    network: nn.Module = field(default_factory=lambda: nn.Linear(1, 1))
    name: str = "s1"
    scale: float = 1.0

    def length(self, clip):
        return 1

    def losses(self, micro_batch, generator):
        batch = torch.tensor([[float(value)] for value in micro_batch.clips])
        error = (self.network(batch) - 3 * batch - 1).pow(2).mean() * self.scale
        return {
            "loss": error * micro_batch.clip_share,
            "doubled": 2 * error * micro_batch.clip_share,
        }


def learner(**changes) -> NetworkLearner:
    torch.manual_seed(0)
    objective = FitALine(**changes)
    return NetworkLearner(objective, weight_decay=0.0, max_gradient_norm=10.0)


def update(subject, clips=(1, 2, 3), rate=0.05):
    return subject.update(clips, learning_rate=rate, generator=torch.Generator())


def test_learns():
    subject = learner()
    first = update(subject)
    for _ in range(300):
        last = update(subject)

    assert last["loss"] < 0.01 * first["loss"]
    assert last["doubled"] == pytest.approx(2 * last["loss"])
    assert last["gradient_norm"] > 0


def test_measuring_changes_nothing():
    subject = learner()
    before = subject.state()
    subject.measure((1, 2), generator=torch.Generator())

    assert all(torch.equal(tensor, before[name]) for name, tensor in subject.state().items())


def test_a_restored_learner_takes_the_same_next_step():
    first = learner()
    for _ in range(5):
        update(first)
    second = learner()
    second.restore(first.state())
    update(first)
    update(second)

    assert all(torch.equal(tensor, second.state()[name]) for name, tensor in first.state().items())


def test_the_state_holds_the_optimiser():
    subject = learner()
    update(subject)

    assert {name.split(".")[0] for name in subject.state()} == {"network", "optimizer"}


def test_a_state_of_another_network_is_refused():
    other = learner(network=nn.Linear(2, 2))

    with pytest.raises(TrainingError, match="resume state belongs to another network"):
        learner().restore(other.state())


def test_a_gradient_that_is_not_a_number_leaves_the_weights_alone():
    subject = learner(scale=float("nan"))
    before = subject.weights()
    figures = update(subject)

    assert figures["gradient_norm"] != figures["gradient_norm"]
    assert all(torch.equal(tensor, before[name]) for name, tensor in subject.weights().items())
