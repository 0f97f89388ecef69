from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.evidence import make_evidence, make_thresholds
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Ruling
from voxgate.gate.limits import LIMITS, Limit, distrust_limits, limits_in_force, loosened
from voxgate.gate.thresholds import Thresholds
from voxgate.gate.verdict import Case, judge
from voxgate.params import load_params

SOUND = make_evidence()
LOOSE = {
    "wer_margin": 0.2,
    "similarity_margin": 0.3,
    "max_wer": 0.9,
    "max_catastrophe_rate": 0.9,
    "min_similarity": 0.0,
    "similarity_floor": -1.0,
    "max_share_below_floor": 1.0,
    "slice_max_wer": 5.0,
    "slice_max_catastrophe_rate": 1.0,
    "min_slice_prompts": 1000,
    "max_looks": 50,
    "confidence": 0.6,
    "bootstrap_draws": 10,
    "catastrophe_alpha": 1e-9,
}


def rules(**changes: Any) -> Evidence:
    protocol = {**SOUND.protocol, "rules": {**SOUND.protocol["rules"], **changes}}
    return replace(SOUND, protocol=protocol)


def codes(evidence: Evidence, thresholds: Thresholds) -> set[str]:
    verdict = judge(Case(challenger=evidence, thresholds=thresholds))
    assert verdict.ruling is Ruling.HOLD
    return {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize("name", LOOSE)
def test_a_limit_that_is_looser_than_any_may_be_holds(name: str) -> None:
    assert "limit_out_of_bounds" in codes(SOUND, make_thresholds(**{name: LOOSE[name]}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("catastrophe_wer", 2.0),
        ("min_duration_ratio", 0.0),
        ("max_duration_ratio", 99.0),
        ("wrong_language_probability", 1.0),
        ("max_audio_ratio", 100.0),
        ("max_tokens_per_second", 1e6),
        ("catastrophe_wer", float("nan")),
    ],
)
def test_so_does_a_bound_under_which_nothing_is_a_catastrophe(name: str, value: float) -> None:
    found = [*distrust_limits(rules(**{name: value}), "challenger", make_thresholds())]
    assert [criterion.code for criterion in found] == ["limit_out_of_bounds"]
    assert f"evaluate.{name} is" in found[0].message


def test_a_tighter_limit_is_always_allowed() -> None:
    strict = make_thresholds(
        wer_margin=1e-6, max_wer=0.01, min_similarity=0.99, confidence=0.999, seeds=9
    )
    assert [*distrust_limits(rules(catastrophe_wer=0.01), "challenger", strict)] == []


def test_the_limits_of_params_yaml_are_inside() -> None:
    params = load_params(Path("params.yaml"))
    scoring = params.evaluate
    found: dict[str, Any] = {f"gate.{n}": v for n, v in params.gate.model_dump().items()}
    found |= {f"evaluate.{n}": v for n, v in scoring.model_dump().items()}
    found |= {f"evaluate.self_test.{n}": v for n, v in scoring.self_test.model_dump().items()}
    assert [name for name, limit in LIMITS.items() if not limit.admits(found[name])] == []


def test_every_limit_of_a_verdict_has_a_bound_in_code() -> None:
    assert limits_in_force(make_thresholds(), SOUND).keys() == LIMITS.keys()


def test_what_lets_more_pass_than_before_is_said() -> None:
    before = limits_in_force(make_thresholds(), SOUND)
    tighter = {**before, "gate.max_wer": 0.2, "gate.min_similarity": 0.8}
    assert loosened(before, tighter) == ()
    looser = {**before, "gate.max_wer": 0.3, "gate.min_similarity": 0.7, "gate.bootstrap_seed": 8}
    assert loosened(before, looser) == (
        "gate.bootstrap_seed: 7 became 8",
        "gate.max_wer: 0.25 became 0.3",
        "gate.min_similarity: 0.75 became 0.7",
    )


def test_a_limit_that_is_not_known_from_before_counts_as_looser() -> None:
    assert loosened({}, {"gate.new_margin": 1.0}) == ("gate.new_margin: absent became 1",)
    assert loosened({"gate.max_wer": 0.2}, {}) == ("gate.max_wer: 0.2 became absent",)


def test_a_limit_says_its_bound() -> None:
    assert [str(Limit(at_most=1)), str(Limit(at_least=2)), str(Limit())] == [
        "at most 1",
        "at least 2",
        "any number",
    ]
