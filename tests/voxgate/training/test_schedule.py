import pytest

from voxgate.training.schedule import learning_rate_at


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
