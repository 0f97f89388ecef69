from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from voxgate.release.control_chart import Point, draw_chart

FIRST = date(2026, 11, 1)


def chart_of(*worse: float):
    return draw_chart("wer", [Point(FIRST + timedelta(days=n), z) for n, z in enumerate(worse)])


def test_small_steps_in_one_direction_are_a_drift_with_its_first_day() -> None:
    chart = chart_of(0.2, -1.0, 2.5, 2.4, 2.6, 2.5)
    assert chart.drifted_since == FIRST + timedelta(days=2)
    assert not chart.broken


def test_one_bad_day_is_a_break_and_no_drift() -> None:
    chart = chart_of(0.1, 0.3, 9.0)
    assert chart.broken
    assert chart.drifted_since is None


def test_steps_to_the_better_side_are_nothing() -> None:
    chart = chart_of(*[-3.0] * 30)
    assert chart.sums == (0.0,) * 30
    assert chart.drifted_since is None


def test_no_days_are_no_finding() -> None:
    chart = chart_of()
    assert not chart.broken
    assert chart.drifted_since is None


@pytest.mark.parametrize(("blocks", "most"), [(4, 0.03), (12, 0.008)])
def test_false_alarms_of_an_equal_voice_are_as_rare_as_the_module_says(
    blocks: int, most: float
) -> None:
    generator = np.random.default_rng(1)
    runs, alarms = 400, 0
    for _ in range(runs):
        release = generator.normal(0, 0.5**0.5, blocks)
        days = generator.normal(0, 0.5**0.5, 365) - release[np.arange(365) % blocks]
        alarms += max(chart_of(*days).sums) > 5.0
    assert alarms / runs <= most
