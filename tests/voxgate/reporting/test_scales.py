"""Places and round numbers of an axis."""

from __future__ import annotations

import pytest

from voxgate.reporting.scales import Scale, scale_for


def test_values_lie_between_the_edges_and_none_outside() -> None:
    scale = Scale(low=0.0, high=2.0, left=10, right=110)
    assert [scale(value) for value in (0.0, 1.0, 2.0, -5.0, 9.0)] == [10, 60, 110, 10, 110]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-0.013, 0.011, [-0.01, -0.005, 0.0, 0.005, 0.01]),
        (4000.0, 8000.0, [4000.0, 5000.0, 6000.0, 7000.0, 8000.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert Scale(low=low, high=high, left=0, right=100).ticks() == ticks


def test_one_value_alone_has_room() -> None:
    scale = scale_for([3.0], left=0, right=100)
    assert scale(3.0) == 50
    assert scale_for([0.0, 0.0], left=0, right=100)(0.0) == 50
