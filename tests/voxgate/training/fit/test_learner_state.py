import pytest
import torch
from torch import nn

from models.gpt_sovits.optim import ScaledAdam
from voxgate.errors import TrainingError
from voxgate.training.fit.learner_state import (
    joined_state,
    network_state,
    optimizer_state,
    restore_network,
    restore_optimizer,
    split_state,
)


def test_owners_are_told_apart_and_an_empty_one_is_absent():
    state = joined_state(a={"x.y": torch.ones(1)}, b={}, c={"x.y": torch.zeros(1)})

    assert set(state) == {"a.x.y", "c.x.y"}
    assert split_state(state) == {"a": {"x.y": torch.ones(1)}, "c": {"x.y": torch.zeros(1)}}


def stepped(kind):
    weight = nn.Parameter(torch.tensor([1.0, 2.0]))
    optimizer = kind([weight], lr=0.1)
    for _ in range(3):
        weight.grad = torch.tensor([0.3, -0.2])
        optimizer.step()
    return weight, optimizer


@pytest.mark.parametrize("kind", [torch.optim.AdamW, ScaledAdam])
def test_a_restored_optimiser_keeps_the_kinds_of_its_values(kind):
    _, optimizer = stepped(kind)
    _, other = stepped(kind)
    restore_optimizer(other, optimizer_state(optimizer))

    kept, found = (o.state_dict()["state"][0] for o in (optimizer, other))
    assert {name: type(value) for name, value in kept.items()} == {
        name: type(value) for name, value in found.items()
    }
    assert all(isinstance(tensor, torch.Tensor) for tensor in optimizer_state(optimizer).values())


def test_weights_of_another_network_are_refused_by_the_learners_name():
    with pytest.raises(TrainingError, match="s1: the resume state belongs to another network"):
        restore_network(nn.Linear(2, 2), network_state(nn.Linear(3, 2)), learner="s1")
