from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Ruling
from voxgate.gate.report import render_verdict
from voxgate.gate.small_data import BY_WINDOWS
from voxgate.gate.verdict import Case, Verdict, judge

DATA = {
    "name": "minute",
    "clips": 18,
    "seconds": 70.9,
    "budget": 0.5,
    "train_seconds": 57.1,
    "train_words": [4, 5, 8, 12],
    "train_questions": 1,
}
REAL = {"point": 0.9, "low": 0.89, "high": 0.91}


def small(real: Any = REAL, *, windows: Any = 7, data: Any = DATA, **changes: Any) -> Evidence:
    evidence = make_evidence(**changes)
    centroid = {**evidence.centroid, "clips": 3, "windows": windows, "real_similarity": real}
    return replace(evidence, centroid=centroid, data={**evidence.data, "small_data": data})


def judged(challenger: Evidence, champion: Evidence | None = None) -> tuple[Verdict, str]:
    case = Case(
        challenger=challenger,
        thresholds=make_thresholds(),
        rivals={} if champion is None else {"champion": champion},
        calibration=make_calibration(),
    )
    verdict = judge(case)
    return verdict, render_verdict(case, verdict)


def criteria(verdict: Verdict) -> dict[str, Any]:
    return {criterion.code: criterion for criterion in verdict.criteria}


def test_a_good_voice_of_a_minute_passes_and_a_person_hears_it() -> None:
    verdict, report = judged(small(), champion=small())
    assert verdict.ruling is Ruling.PASS
    assert verdict.needs_approval_by_person, "whatever the champion is"
    assert criteria(verdict)[BY_WINDOWS].ruling is Ruling.PASS
    assert "by the choice of 7 windows in 3 held-out clips" in report
    assert "**small data**: minute, 18 clips of 70.9 s" in report
    assert "trained for 50 % of the steps" in report


def test_slices_that_nothing_was_trained_on_are_named() -> None:
    verdict, _ = judged(small())
    message = criteria(verdict)["slices_without_examples"].message
    assert "nothing to train on was like length:long:" in message
    verdict, _ = judged(small(data=DATA | {"train_questions": 0, "train_words": [3, 9, 20]}))
    message = criteria(verdict)["slices_without_examples"].message
    assert "nothing to train on was like class:questions:" in message


def test_doubt_about_the_windows_is_doubt_about_the_floor_and_no_prompt_ends_it() -> None:
    verdict, _ = judged(small({"point": 0.9, "low": 0.7, "high": 0.98}))
    assert verdict.ruling is Ruling.INCONCLUSIVE
    assert {reason.code for reason in verdict.reasons} == {BY_WINDOWS}
    assert verdict.advice is not None
    assert verdict.advice.action == "ask_person"
    assert "more speech to be recorded" in verdict.advice.message


def test_the_bounds_are_those_of_prompts_and_windows_together() -> None:
    verdict, _ = judged(small())
    by_prompts, by_both = (
        criteria(verdict)[code].measured for code in ("similarity_floor", BY_WINDOWS)
    )
    assert by_both["point"] == by_prompts["point"]
    assert by_both["low"] == pytest.approx(by_prompts["point"] - 0.01, abs=1e-3)
    assert by_both["low"] < by_prompts["low"]


@pytest.mark.parametrize("windows", [4, None, "many"])
def test_too_few_windows_hold(windows: Any) -> None:
    verdict, _ = judged(small(windows=windows))
    assert verdict.ruling is Ruling.HOLD
    assert {reason.code for reason in verdict.reasons} == {"weak_centroid"}


@pytest.mark.parametrize("real", [None, {"point": 0.9}, {**REAL, "low": "x"}, 0.9])
@pytest.mark.parametrize("data", [None, {}, {"train_words": "many"}])
def test_what_is_not_said_is_no_criterion(real: Any, data: Any) -> None:
    verdict, report = judged(small(real, data=data))
    assert BY_WINDOWS not in criteria(verdict)
    assert "slices_without_examples" not in criteria(verdict)
    assert verdict.needs_approval_by_person
    assert "the speaker is known by 7 windows" in report


def test_of_enough_data_nothing_is_said() -> None:
    verdict, report = judged(make_evidence(), champion=make_evidence())
    assert not verdict.needs_approval_by_person
    assert not criteria(verdict).keys() & {BY_WINDOWS, "slices_without_examples"}
    assert "small data" not in report
