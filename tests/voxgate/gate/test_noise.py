from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.fakes.evidence import SEEDS, make_calibration, make_evidence, make_row, make_thresholds
from voxgate.errors import GateError
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.plan import item_seed
from voxgate.gate.calibration import CALIBRATED
from voxgate.gate.noise import draw_pairs, judge_pairs, measure_noise, relative_errors

THRESHOLDS = make_thresholds(bootstrap_draws=1000)
TAKES = 8


def takes(row: Callable[[int, int], dict[str, Any]], count: int = TAKES) -> Evidence:
    """Return `count` takes of 60 prompts, numbered far from any evaluation."""
    rows = tuple(
        make_row(p, 1000 + k, duration_s=1.0 + k, **row(p, k))
        for p in range(60)
        for k in range(count)
    )
    return make_evidence(rows=rows, expected_items=len(rows))


def noisy(seed: int = 1) -> Callable[[int, int], dict[str, Any]]:
    generator = np.random.default_rng(seed)
    errors = generator.binomial(10, generator.gamma(0.5, 0.1, size=(60, 1)).clip(0, 0.9), (60, 8))
    cosines = generator.normal(0.9, 0.03, size=(60, 8)).clip(-1, 1)
    return lambda p, k: {
        "word_errors": int(errors[p, k]),
        "similarity": round(float(cosines[p, k]), 6),
    }


def test_a_pair_shares_no_take_and_is_numbered_as_the_gate_expects() -> None:
    pairs = list(draw_pairs(takes(noisy()), THRESHOLDS, runs=3, seed=1))
    for pair in pairs:
        sets = [{(row.prompt_id, row.duration_s) for row in one.rows} for one in pair]
        assert [len(drawn) for drawn in sets] == [60 * SEEDS, 60 * SEEDS]
        assert sets[0].isdisjoint(sets[1])
        for one in pair:
            assert {row.seed_index for row in one.rows} == {0, 1, 2}
            assert all(row.seed == item_seed(*row.item) for row in one.rows)
    assert pairs[0] != pairs[1]
    assert pairs == list(draw_pairs(takes(noisy()), THRESHOLDS, runs=3, seed=1))


def test_too_few_takes_are_refused() -> None:
    with pytest.raises(GateError, match="two disjoint sets of 3 takes need 6; too few: p000"):
        next(draw_pairs(takes(noisy(), count=5), THRESHOLDS, runs=1, seed=1))


def test_standard_errors_are_those_of_all_possible_draws() -> None:
    """Two disjoint sets of n out of K takes differ with variance 2 S^2 / n, whatever K is."""
    row = noisy()
    record = measure_noise(takes(row), THRESHOLDS, runs=250, seed=3)
    for name, found in (
        ("word_errors", record.wer_standard_error * 10),  # ten words a sample
        ("similarity", record.similarity_standard_error),
    ):
        values = np.array([[row(p, k)[name] for k in range(TAKES)] for p in range(60)])
        variance = 2 / SEEDS * values.var(axis=1, ddof=1).sum() / 60**2
        assert found == pytest.approx(variance**0.5, rel=0.15), name
    assert record.protocol_digest == make_evidence().protocol_digest
    assert (record.seeds, record.runs) == (SEEDS, 250)


def test_a_voice_that_ignores_its_seeds_has_no_noise() -> None:
    record = measure_noise(takes(lambda p, _k: {"word_errors": p % 2}), THRESHOLDS, runs=5, seed=1)
    assert (record.wer_standard_error, record.similarity_standard_error) == (0.0, 0.0)
    assert relative_errors(takes(lambda _p, _k: {})) == dict.fromkeys(CALIBRATED, 0.0)


def test_the_sound_and_critical_words_have_standard_errors_too() -> None:
    generator = np.random.default_rng(8)
    paces = generator.normal(14.0, 0.8, size=(60, TAKES))
    changed = generator.binomial(2, 0.1, size=(60, TAKES))

    def row(p: int, k: int) -> dict[str, Any]:
        sound = {**make_row(p, k).sound, "pace": float(paces[p, k]), "quality": None}
        return {"sound": sound, "critical_errors": int(changed[p, k])}

    record = measure_noise(takes(row), THRESHOLDS, runs=250, seed=3)
    for name, values, words in (("pace", paces, 1), ("critical", changed, 2)):
        expected = (2 / SEEDS * values.var(axis=1, ddof=1).sum()) ** 0.5 / 60 / words
        assert record.standard_errors[name] == pytest.approx(expected, rel=0.15), name
    assert record.standard_errors["tail_s"] == 0.0
    assert record.prompts == 60
    assert record.uncalibrated == ("quality",)
    assert "quality" not in relative_errors(takes(row))
    assert 0 < relative_errors(takes(row))["pace"] < 0.2


def test_takes_of_before_the_sound_give_a_record_that_holds_the_gate() -> None:
    older = {"sound": {}, "critical_errors": None, "critical_words": None}
    record = measure_noise(takes(lambda _p, _k: older), THRESHOLDS, runs=5, seed=1)
    assert record.standard_errors.keys() == {"wer", "similarity"}
    assert not record.is_sound


def test_prompts_without_critical_words_have_no_noise_in_them() -> None:
    record = measure_noise(takes(lambda _p, _k: {"critical_words": 0}), THRESHOLDS, runs=5, seed=1)
    assert record.standard_errors["critical"] == 0.0
    assert record.is_sound


def test_the_uncertainty_of_a_standard_error_is_what_other_prompts_would_change() -> None:
    generator = np.random.default_rng(5)
    found = []
    for _ in range(60):
        cosines = generator.normal(0.9, 0.03, size=(60, TAKES))
        found.append(takes(lambda p, k, c=cosines: {"similarity": float(c[p, k])}))
    errors = [np.sqrt(np.mean([np.var(v) for v in _cosines(one)])) for one in found]
    observed = np.std(errors) / np.mean(errors)
    assert relative_errors(found[0])["similarity"] == pytest.approx(observed, rel=0.3)


def _cosines(evidence: Evidence) -> list[list[float]]:
    by_prompt: dict[str, list[float]] = {}
    for row in evidence.rows:
        assert row.similarity is not None
        by_prompt.setdefault(row.prompt_id, []).append(row.similarity)
    return list(by_prompt.values())


def test_runs_are_judged_by_every_rule_of_the_gate() -> None:
    record = make_calibration(wer_standard_error=0.007, similarity_standard_error=0.004)
    good = judge_pairs(takes(noisy()), THRESHOLDS, record, runs=5, seed=2)
    assert (good.passed, good.share, good.blamed) == (5, 1.0, {})
    below = takes(lambda p, k: {**noisy()(p, k), "similarity": 0.7})
    bad = judge_pairs(below, THRESHOLDS, record, runs=3, seed=2)
    assert (bad.passed, bad.rulings) == (0, {"FAIL": 3})
    assert bad.blamed == {"similarity_floor": 3, "stranger_floor": 3}
    other = replace(record, protocol_digest="0" * 64)
    held = judge_pairs(takes(noisy()), THRESHOLDS, other, runs=1, seed=2)
    assert held.as_json() == {
        "runs": 1,
        "passed": 0,
        "rulings": {"HOLD": 1},
        "blamed": {"calibration_of_other_measurement": 1},
    }
