from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.evidence import make_evidence, make_thresholds, noisy_rows
from voxgate.gate.arm import Arm, build_arm
from voxgate.gate.comparison import compare_arms
from voxgate.gate.statistics import mcnemar_worse

THRESHOLDS = make_thresholds(bootstrap_draws=1000, max_looks=1)


def arm(errors: np.ndarray, catastrophic: list[int] | None = None) -> Arm:
    """Return an arm with (prompts,) word errors of 30 reference words each."""
    size = len(errors)
    ones = np.ones(size, dtype=np.int64)
    return Arm(
        prompts=tuple(f"p{n}" for n in range(size)),
        samples=3 * ones,
        word_errors=errors.astype(np.int64),
        ref_words=30 * ones,
        char_errors=errors.astype(np.int64),
        ref_chars=150 * ones,
        similarity=2_700_000 * ones,
        below_floor=0 * ones,
        catastrophic=np.array(catastrophic or [0] * size),
        similarities=(900_000,) * size,
    )


def test_an_arm_sums_the_samples_of_a_prompt() -> None:
    evidence = make_evidence(row=lambda p, k: {"word_errors": p + k, "similarity": 0.7})
    built = build_arm(evidence, similarity_floor=0.767)
    assert built.word_errors[:3].tolist() == [3, 6, 9]
    assert built.samples.tolist() == [3] * 60
    assert built.similarity[0] == 2_100_000
    assert built.below_floor.tolist() == [3] * 60
    assert sum(built.catastrophic) == 0


def test_an_arm_can_be_restricted_to_a_slice() -> None:
    built = build_arm(make_evidence(), similarity_floor=0.5, prompts={"p003", "p001"})
    assert built.prompts == ("p001", "p003")


def test_equal_arms_differ_by_exactly_nothing() -> None:
    errors = np.random.default_rng(0).binomial(30, 0.1, 60)
    found = compare_arms(arm(errors), arm(errors), THRESHOLDS)
    assert (found.wer.low, found.wer.point, found.wer.high) == (0, 0, 0)
    assert (found.similarity.low, found.similarity.high) == (0, 0)


def test_discordant_prompts_are_counted_by_side() -> None:
    zeros = np.zeros(4)
    found = compare_arms(arm(zeros, [1, 1, 0, 1]), arm(zeros, [0, 1, 1, 0]), THRESHOLDS)
    assert (found.catastrophes_only_challenger, found.catastrophes_only_rival) == (2, 1)
    assert mcnemar_worse(found.catastrophes_only_challenger, found.catastrophes_only_rival) == 0.5


def test_swapping_the_arms_mirrors_the_interval() -> None:
    first, second = (
        build_arm(make_evidence(row=noisy_rows(seed)), similarity_floor=0.7) for seed in (1, 2)
    )
    there = compare_arms(first, second, THRESHOLDS).wer
    back = compare_arms(second, first, THRESHOLDS).wer
    assert (there.low, there.point, there.high) == (-back.high, -back.point, -back.low)


def test_pairing_narrows_the_interval() -> None:
    """Hard prompts are hard for both arms; taking differences removes what they share."""
    rng = np.random.default_rng(3)
    hardness = rng.beta(0.5, 4, size=60)
    one, two = rng.binomial(30, hardness), rng.binomial(30, hardness)
    paired = compare_arms(arm(one), arm(two), THRESHOLDS).wer
    unpaired = compare_arms(arm(one), arm(rng.permutation(two)), THRESHOLDS).wer
    assert paired.high - paired.low < 0.6 * (unpaired.high - unpaired.low)


@pytest.mark.parametrize("effect", [0.0, 0.05])
def test_each_bound_misses_the_true_difference_about_as_often_as_it_may(effect: float) -> None:
    """Prompts are drawn anew in every run; one-sided bounds at 95 % miss in 5 % of runs."""
    rng = np.random.default_rng(11)
    runs = 400
    low = high = 0
    for _ in range(runs):
        hardness = rng.beta(0.5, 6, size=60)
        worse = np.minimum(hardness + effect, 1)
        found = compare_arms(
            arm(rng.binomial(30, worse)), arm(rng.binomial(30, hardness)), THRESHOLDS
        ).wer
        low += found.low > effect
        high += found.high < effect
    # Nominal 5 %; 400 runs have a standard error of 1.1 points, the percentile method gives up
    # about 1 point on 60 blocks.
    assert low / runs < 0.085
    assert high / runs < 0.085
    assert low + high > 0
