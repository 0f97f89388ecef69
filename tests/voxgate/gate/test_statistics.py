from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from voxgate.gate.statistics import (
    bootstrap_interval,
    clopper_pearson,
    count_draws,
    draw_blocks,
    holm,
    margin_factor,
    mcnemar_worse,
    order_statistic,
    ratio_draws,
    ratio_table,
    tail_share,
)


@pytest.mark.parametrize(("worse", "better"), [(5, 0), (7, 1), (9, 2)])
def test_the_smallest_discordant_pairs_that_are_significant(worse: int, better: int) -> None:
    assert mcnemar_worse(worse, better) < 0.05
    assert mcnemar_worse(worse - 1, better) > 0.05
    assert mcnemar_worse(worse, better + 1) > 0.05


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(worse: int, better: int) -> None:
    if worse + better == 0:
        assert mcnemar_worse(0, 0) == 1.0
        return
    exact = stats.binomtest(worse, worse + better, 0.5, alternative="greater").pvalue
    assert mcnemar_worse(worse, better) == pytest.approx(exact, abs=1e-12)


@pytest.mark.parametrize(("trials", "ceiling"), [(50, 0.058), (200, 0.015), (500, 0.006)])
def test_no_event_in_n_trials_bounds_the_rate(trials: int, ceiling: float) -> None:
    interval = clopper_pearson(0, trials, confidence=0.95)
    assert interval.low == 0.0
    assert interval.high == pytest.approx(ceiling, abs=5e-4)
    assert interval.high == pytest.approx(1 - 0.05 ** (1 / trials), abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 300), st.data())
def test_clopper_pearson_agrees_with_scipy(trials: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, trials))
    mine = clopper_pearson(events, trials, confidence=0.975)
    theirs = stats.binomtest(events, trials).proportion_ci(0.95, method="exact")
    assert mine.low == pytest.approx(theirs.low, abs=1e-6)
    assert mine.high == pytest.approx(theirs.high, abs=1e-6)


def test_clopper_pearson_of_certainty_is_one() -> None:
    assert clopper_pearson(10, 10, confidence=0.95).high == 1.0


def test_holm_multiplies_by_the_hypotheses_that_are_left_and_never_goes_down() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": 0.03, "c": 0.06, "b": 0.06}
    assert holm({"a": 0.9, "b": 0.8}) == {"b": 1.0, "a": 1.0}
    assert holm({}) == {}


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_value(p_values: dict[str, float]) -> None:
    adjusted = holm(p_values)
    assert all(adjusted[name] >= round(p, 6) for name, p in p_values.items())
    assert max(adjusted.values()) <= 1.0


def test_blocks_are_the_same_on_every_machine() -> None:
    index = draw_blocks(60, draws=2, seed=20261123)
    assert index[0, :8].tolist() == [35, 44, 32, 46, 48, 17, 47, 35]
    assert np.array_equal(index, draw_blocks(60, draws=2, seed=20261123))
    assert not np.array_equal(index, draw_blocks(60, draws=2, seed=1))


def test_blocks_are_drawn_evenly() -> None:
    counts = np.bincount(draw_blocks(7, draws=10_000, seed=3).ravel(), minlength=7)
    assert stats.chisquare(counts).pvalue > 0.001


def test_ratio_of_sums_not_mean_of_ratios() -> None:
    index = np.array([[0, 1], [1, 1]])
    draws = ratio_draws(np.array([1, 3]), np.array([2, 10]), index)
    assert draws.tolist() == [4 / 12, 6 / 20]


def test_bounds_are_drawn_values_at_the_asked_confidence() -> None:
    interval = bootstrap_interval(0.5, np.arange(1000) / 1000, confidence=0.95)
    assert (interval.low, interval.point, interval.high) == (0.05, 0.5, 0.949)


def test_block_bootstrap_standard_error_matches_the_delta_method() -> None:
    rng = np.random.default_rng(0)
    errors = rng.binomial(30, rng.beta(1, 9, size=400))
    words = np.full(400, 30)
    draws = ratio_draws(errors, words, draw_blocks(400, draws=4000, seed=5))
    expected = errors.std(ddof=1) / 30 / math.sqrt(400)
    assert draws.std() == pytest.approx(expected, rel=0.05)


def test_a_p_value_is_never_zero() -> None:
    assert tail_share(np.ones(999), limit=0.0) == pytest.approx(1 / 1000)
    assert tail_share(np.zeros(999), limit=0.0) == 1.0


@pytest.mark.parametrize(("prompts", "factor"), [(24, 3.43), (72, 3.33), (10**9, 3.29)])
def test_a_margin_is_wider_on_few_prompts(prompts: int, factor: float) -> None:
    assert margin_factor(0.95, power=0.95, prompts=prompts) == pytest.approx(factor, abs=0.005)


def test_order_statistic_is_an_observed_value() -> None:
    assert order_statistic([3.0, 1.0, 2.0], 0.05) == 1.0
    assert order_statistic([3.0, 1.0, 2.0], 1.0) == 3.0


def test_many_ratios_at_once_are_each_what_one_is() -> None:
    rng = np.random.default_rng(2)
    index = draw_blocks(40, draws=500, seed=3)
    tops = rng.integers(0, 8_000_000_000, size=(3, 40))
    bottoms = rng.integers(1, 4, size=(3, 40)) * 1_000_000
    table = ratio_table(tops, bottoms, count_draws(index))
    for top, bottom, found in zip(tops, bottoms, table, strict=True):
        assert np.array_equal(found, ratio_draws(top, bottom, index))


def test_a_draw_counts_every_block_that_it_has() -> None:
    index = np.array([[0, 2, 2], [1, 1, 1]])
    assert count_draws(index).tolist() == [[1, 0, 2], [0, 3, 0]]


def test_a_draw_without_any_value_gets_the_figure_of_all() -> None:
    counts = count_draws(np.array([[0, 0], [1, 1]]))
    table = ratio_table(np.array([[3, 0]]), np.array([[4, 0]]), counts)
    assert table.tolist() == [[0.75, 0.75]]
