import pytest

from tests.fakes.training_clips import LOOP
from voxgate.params.train import LoopParams
from voxgate.training.fit.schedule import learning_rate_at, scheduled_rate


def rate(step: int) -> float:
    return learning_rate_at(step, steps=100, peak=1.0, warmup_steps=10, final_ratio=0.1)


def test_rises_to_the_peak_and_falls_to_the_final_share():
    assert rate(0) == pytest.approx(0.1)
    assert rate(9) == pytest.approx(1.0)
    assert rate(10) == pytest.approx(1.0)
    assert rate(99) == pytest.approx(0.1)
    assert all(rate(step) >= rate(step + 1) for step in range(10, 99))


def test_a_budget_of_one_step_learns():
    assert learning_rate_at(0, steps=1, peak=1.0, warmup_steps=0, final_ratio=0.1) == 1.0


def scheduled(schedule: str, step: int, **changes) -> float:
    loop = LoopParams(**(LOOP | {"schedule": schedule, "steps": 100} | changes))
    return scheduled_rate(loop, step, batches_per_epoch=3)


def test_the_settings_of_warmup_cosine_have_an_effect():
    rates = [scheduled("warmup-cosine", step, warmup_steps=10) for step in range(100)]

    assert rates[0] < rates[9]
    assert scheduled("warmup-cosine", 50, learning_rate=1.0) > 100 * rates[50]
    assert scheduled("warmup-cosine", 99, final_learning_rate_ratio=0.1) == pytest.approx(1e-4)


def test_the_exponential_rate_falls_once_an_epoch_from_the_first_on():
    rates = [scheduled("epoch-exponential", step, learning_rate=1e-4) for step in range(7)]

    assert rates[:3] == [pytest.approx(1e-4 * 0.999875, rel=1e-12)] * 3
    assert rates[3] == rates[5] == pytest.approx(1e-4 * 0.999875**2, rel=1e-12)
    assert rates[6] < rates[5]


def test_the_public_rate_ignores_every_setting():
    rates = [scheduled("public-text", step, learning_rate=rate) for step in (0, 1, 99)
             for rate in (1e-5, 1.0)]  # fmt: skip

    assert rates == [0.01, 0.01, 0.002, 0.002, 0.002, 0.002]
