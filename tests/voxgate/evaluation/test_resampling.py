from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from voxgate.evaluation.resampling import bootstrap_interval


def test_where_few_draws_lie_beyond_a_bound_the_tail_is_that_of_a_normal() -> None:
    draws = np.random.default_rng(0).normal(0.02, 0.004, size=10_000)
    interval = bootstrap_interval(0.02, draws, confidence=1 - 1e-5)
    reach = float(ndtri(1 - 1e-5)) * draws.std()
    assert interval.high == pytest.approx(0.02 + reach, abs=1e-6)
    assert interval.low == pytest.approx(0.02 - reach, abs=1e-6)
    assert interval.high > draws.max()


def test_a_skewed_tail_is_never_cut_short() -> None:
    draws = np.random.default_rng(0).exponential(0.01, size=10_000)
    interval = bootstrap_interval(0.01, draws, confidence=0.9995)
    assert interval.high == pytest.approx(float(np.sort(draws)[-5]), abs=1e-6)
