import logging

import pytest
import torch

from voxgate.pretraining.base.averaging import AveragingLearner, read_average
from voxgate.pretraining.base.base_set import BaseSet
from voxgate.pretraining.base.learners import Sources
from voxgate.training.fit.resume import ResumePoint, ResumeStore

from .conftest import learner_of


def step(learner: AveragingLearner, data: BaseSet) -> None:
    learner.update(data.train[:2], learning_rate=1e-2, generator=torch.Generator().manual_seed(1))


def network(learner: AveragingLearner) -> dict[str, torch.Tensor]:
    return {n: t.clone() for n, t in learner.learner.objective.network.state_dict().items()}


def test_the_average_follows_the_weights(data: BaseSet, sources: Sources) -> None:
    learner = learner_of("s1", data, sources)
    before = network(learner)["classify.bias"]
    step(learner, data)
    after = network(learner)["classify.bias"]
    # the first steps count more: decay (1 + 1) / (10 + 1)
    torch.testing.assert_close(learner.average["classify.bias"], 2 / 11 * before + 9 / 11 * after)


def test_the_average_is_measured_and_training_goes_on_unchanged(
    data: BaseSet, sources: Sources
) -> None:
    learner = learner_of("s1", data, sources)
    for _ in range(3):
        step(learner, data)
    own = network(learner)
    averaged = learner_of("s1", data, sources)
    averaged.learner.objective.network.load_state_dict(learner.weights())
    generator = torch.Generator().manual_seed(2)
    losses = learner.measure(data.seen_voices, generator=generator)
    assert losses == averaged.learner.measure(data.seen_voices, generator=generator)
    assert losses != learner.learner.measure(data.seen_voices, generator=generator)
    assert all(torch.equal(own[name], tensor) for name, tensor in network(learner).items())


def test_a_restored_learner_takes_the_same_next_step(data: BaseSet, sources: Sources) -> None:
    first, second = learner_of("s1", data, sources), learner_of("s1", data, sources)
    step(first, data)
    second.restore(first.state())
    for learner in (first, second):
        torch.manual_seed(4)
        step(learner, data)
    wanted, found = first.state(), second.state()
    assert wanted.keys() == found.keys()
    assert all(torch.equal(tensor, found[name]) for name, tensor in wanted.items())


def test_a_state_of_other_sizes_gives_what_fits(
    data: BaseSet, sources: Sources, caplog: pytest.LogCaptureFixture
) -> None:
    learner = learner_of("s1", data, sources)
    step(learner, data)
    state = learner.state() | {"learner.network.classify.weight": torch.zeros(3, 3)}
    other = learner_of("s1", data, sources)
    own = network(other)["classify.weight"]
    with caplog.at_level(logging.WARNING):
        other.restore(state)
    assert "learner.network.classify.weight do not fit; they start anew" in caplog.text
    assert torch.equal(network(other)["classify.weight"], own)
    assert torch.equal(network(other)["classify.bias"], network(learner)["classify.bias"])
    assert other.step == 1
    step(other, data)


def test_the_average_of_the_newest_point_is_read(data: BaseSet, sources: Sources) -> None:
    assert read_average(sources.state) is None
    learner = learner_of("s1", data, sources)
    step(learner, data)
    point = ResumePoint(step=1, state=learner.state(), journal={})
    ResumeStore(sources.state).save_point(point)
    found = read_average(sources.state)
    assert found is not None
    assert found.step == 1
    assert all(torch.equal(found.weights[n], tensor) for n, tensor in learner.average.items())
