from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import Case, Verdict, judge

ROW = {
    "language": "zh",
    "term": "银行",
    "where": "start",
    "expected": "h ang2",
    "got": "x ing2",
}


def with_terms(terms: Any) -> Evidence:
    evidence = make_evidence()
    return replace(evidence, data={**evidence.data, "terms": terms})


def judged(challenger: Evidence) -> Verdict:
    return judge(
        Case(
            challenger=challenger,
            thresholds=make_thresholds(),
            rivals={"champion": make_evidence()},
            calibration=make_calibration(),
        )
    )


def test_a_term_that_is_read_otherwise_blocks_a_release() -> None:
    verdict = judged(with_terms({"checked": 12, "sentences": 36, "differing": [ROW]}))
    assert verdict.ruling is Ruling.FAIL
    (reason,) = verdict.reasons
    assert (reason.code, reason.measured, reason.threshold) == ("terms", 1, 0)
    assert "银行 (zh, start): expected 'h ang2', got 'x ing2'" in reason.message


def test_many_terms_are_counted_and_few_are_shown() -> None:
    verdict = judged(with_terms({"checked": 12, "sentences": 36, "differing": [ROW] * 7}))
    (reason,) = verdict.reasons
    assert reason.message.count("银行") == 5
    assert "and 2 more" in reason.message


def test_terms_that_are_all_right_are_said_and_pass() -> None:
    verdict = judged(with_terms({"checked": 12, "sentences": 36, "differing": []}))
    assert verdict.ruling is Ruling.PASS
    (criterion,) = (one for one in verdict.criteria if one.code == "terms")
    assert "all 12 terms of the lexicons are read" in criterion.message


def test_a_voice_without_lexicons_is_judged_as_ever() -> None:
    assert "terms" not in {criterion.code for criterion in judged(make_evidence()).criteria}


@pytest.mark.parametrize("terms", ["12", {}, {"checked": 12}, {"checked": True, "differing": 3}])
def test_evidence_that_does_not_say_is_a_hold(terms: Any) -> None:
    verdict = judged(with_terms(terms))
    assert verdict.ruling is Ruling.HOLD
    assert [reason.code for reason in verdict.reasons] == ["terms"]


def test_how_their_sentences_were_understood_is_said_and_decides_nothing() -> None:
    heard = [
        {"term": "zyrtec", "errors": 0, "units": 3},
        {"term": "siobhan", "errors": 2, "units": 3},
    ]
    verdict = judged(with_terms({"checked": 2, "sentences": 4, "differing": [], "heard": heard}))
    assert verdict.ruling is Ruling.PASS
    (criterion,) = (one for one in verdict.criteria if one.code == "terms")
    assert criterion.message.endswith(
        "of 2 sentences that say them, 1 were heard without an error (listen to siobhan)"
    )
