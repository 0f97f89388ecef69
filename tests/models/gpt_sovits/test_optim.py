from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from models.gpt_sovits.optim import ScaledAdam
from tests.models.gpt_sovits import golden
from tests.models.gpt_sovits.golden import largest_error

NAMES = ("w", "b", "w2", "alpha", "emb")
STEPS = 12


@pytest.fixture(scope="module")
def stored() -> dict[str, Tensor]:
    return golden.arrays("s1_optim")


def start(stored: dict[str, Tensor]) -> dict[str, nn.Parameter]:
    return {name: nn.Parameter(stored[f"init:{name}"].clone()) for name in NAMES}


def give_gradients(
    parameters: dict[str, nn.Parameter], stored: dict[str, Tensor], step: int, scale: float = 1.0
) -> None:
    for name, parameter in parameters.items():
        parameter.grad = scale * stored[f"grad{step}:{name}"]


def test_steps_are_equal(stored: dict[str, Tensor]) -> None:
    parameters = start(stored)
    optimiser = ScaledAdam(parameters.values(), lr=0.01)
    for step in range(STEPS):
        give_gradients(parameters, stored, step)
        optimiser.step()
        optimiser.param_groups[0]["lr"] = 0.002
        for name, parameter in parameters.items():
            assert largest_error(parameter, stored[f"after{step}:{name}"]) < 1e-6, (step, name)


def run_with_large_gradients(
    stored: dict[str, Tensor], *, clip_sizes_only: bool
) -> dict[str, float]:
    parameters = start(stored)
    optimiser = ScaledAdam(
        parameters.values(), lr=0.002, clipping_update_period=4, clip_sizes_only=clip_sizes_only
    )
    for step in range(STEPS):
        give_gradients(parameters, stored, step, scale=8.0 if step >= 8 else 1.0)
        optimiser.step()
    last = STEPS - 1
    return {n: largest_error(p, stored[f"clip_after{last}:{n}"]) for n, p in parameters.items()}


def test_clipping_of_sizes_only_is_what_upstream_does(stored: dict[str, Tensor]) -> None:
    errors = run_with_large_gradients(stored, clip_sizes_only=True)
    assert max(errors.values()) < 2e-6


def test_clipping_reaches_the_directions_by_default(stored: dict[str, Tensor]) -> None:
    errors = run_with_large_gradients(stored, clip_sizes_only=False)
    assert errors["w"] > 1e-4


def test_parameters_without_a_gradient_stay(stored: dict[str, Tensor]) -> None:
    parameters = start(stored)
    optimiser = ScaledAdam(parameters.values(), lr=0.01)
    give_gradients(parameters, stored, 0)
    parameters["b"].grad = None
    optimiser.step()
    assert torch.equal(parameters["b"], stored["init:b"])
    assert not torch.equal(parameters["w"], stored["init:w"])


def test_state_survives_saving(stored: dict[str, Tensor]) -> None:
    parameters = start(stored)
    optimiser = ScaledAdam(parameters.values(), lr=0.002, clipping_update_period=4)
    for step in range(6):
        give_gradients(parameters, stored, step)
        optimiser.step()
    copies = {name: nn.Parameter(p.detach().clone()) for name, p in parameters.items()}
    resumed = ScaledAdam(copies.values(), lr=0.002, clipping_update_period=4)
    resumed.load_state_dict(deepcopy(optimiser.state_dict()))
    for step in range(6, STEPS):
        for each, its_optimiser in ((parameters, optimiser), (copies, resumed)):
            give_gradients(each, stored, step)
            its_optimiser.step()
    for name in NAMES:
        assert torch.equal(parameters[name], copies[name])
