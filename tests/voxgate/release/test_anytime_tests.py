from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from voxgate.release.anytime_tests import evidence_above, upper_bound


@pytest.mark.parametrize(
    ("limit", "events", "trials"), [(0.01, 14, 200), (0.5, 7, 7), (0.1, 3, 40), (0.2, 0, 5)]
)
def test_the_score_is_what_bets_spread_evenly_would_have_won(
    limit: float, events: int, trials: int
) -> None:
    def won(rate: float) -> float:
        hit, miss = rate / limit, (1 - rate) / (1 - limit)
        return float(hit**events * miss ** (trials - events)) / (1 - limit)

    expected, _ = quad(won, limit, 1.0, points=[max(limit, events / trials)])
    assert evidence_above(limit, events, trials) == pytest.approx(expected, rel=1e-6)


def test_twelve_faults_of_one_side_alone_are_proof_at_one_in_five_hundred() -> None:
    assert evidence_above(0.5, 11, 11) < 500 < evidence_above(0.5, 12, 12)


def test_nothing_counted_is_no_evidence_and_huge_counts_are_no_error() -> None:
    assert evidence_above(0.3, 0, 0) == evidence_above(1.0, 3, 3) == 1.0
    assert evidence_above(0.5, 40_000, 100_000) == 0.0
    assert math.isfinite(evidence_above(0.001, 50_000, 100_000))


def test_the_bound_lies_above_the_rate_and_closes_in() -> None:
    bounds = [upper_bound(n // 100, n, level=0.001) for n in (100, 1_000, 10_000, 1_000_000)]
    assert bounds == sorted(bounds, reverse=True)
    assert 0.01 < bounds[-1] < 0.0106
    assert upper_bound(0, 0, level=0.1) == upper_bound(4, 4, level=0.1) == 1.0
    assert 0.0 < upper_bound(0, 50, level=0.1) < 0.15


@pytest.mark.parametrize("rate", [0.002, pytest.param(0.05, marks=pytest.mark.slow), 0.5])
def test_equal_versions_are_rarely_accused_though_one_looks_after_every_answer(rate: float) -> None:
    """At most one in ten may be, over 400 looks; a p-value of 10 % accuses about half of them."""
    draws, level = np.random.default_rng(5), 0.1
    accused = 0
    for _ in range(100):
        live, mine = draws.random(8_000) < rate, draws.random(400) < rate
        lives, mines = np.cumsum(live)[19::20], np.cumsum(mine)
        scores = (
            evidence_above(
                upper_bound(int(lives[n]), 20 * (n + 1), level=level / 2), int(mines[n]), n + 1
            )
            for n in range(400)
        )
        accused += any(score >= 2 / level for score in scores)
    assert accused <= 10


def test_a_version_that_is_worse_is_found() -> None:
    draws = np.random.default_rng(6)
    found = 0
    for _ in range(50):
        live, mine = (
            int((draws.random(20_000) < 0.005).sum()),
            int((draws.random(400) < 0.06).sum()),
        )
        found += evidence_above(upper_bound(live, 20_000, level=0.001), mine, 400) >= 1000
    assert found >= 48
