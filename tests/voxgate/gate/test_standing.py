from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds
from voxgate.errors import BundleError
from voxgate.files import canonical_json
from voxgate.gate.bundle import mismatches, read_bundle, write_bundle
from voxgate.gate.criterion import Ruling
from voxgate.gate.report import render_verdict
from voxgate.gate.standing import Standing, standing_from_json
from voxgate.gate.trade import SignedTrade, Trade
from voxgate.gate.verdict import Case, judge

SOUND = make_evidence()
LOOSER = Standing(
    approved=4,
    loosened=("gate.max_wer: 0.25 became 0.3",),
    changed="last commit of params.yaml: 0123456789ab by anna, 2026-11-28",
)
CASE = Case(
    challenger=SOUND,
    thresholds=make_thresholds(),
    rivals={"champion": SOUND},
    calibration=make_calibration(),
)


def test_under_looser_limits_a_pass_needs_a_person_and_the_report_says_why() -> None:
    assert not judge(CASE).needs_approval_by_person
    case = replace(CASE, standing=LOOSER)
    verdict = judge(case)
    assert (verdict.ruling, verdict.needs_approval_by_person) == (Ruling.PASS, True)
    report = render_verdict(case, verdict)
    assert "**limits are looser** than when version 4 was approved" in report
    assert "gate.max_wer: 0.25 became 0.3" in report
    assert "0123456789ab by anna" in report


def test_a_record_that_is_not_what_its_takes_come_to_holds() -> None:
    verdict = judge(replace(CASE, standing=Standing(calibration="it was altered")))
    assert [reason.code for reason in verdict.reasons] == ["calibration_not_of_its_takes"]


def test_it_travels_in_the_bundle(tmp_path: Path) -> None:
    inputs = {
        "challenger": SOUND.as_json(),
        "champion": SOUND.as_json(),
        "thresholds": make_thresholds().as_json(),
        "calibration": make_calibration().as_json(),
        "standing": LOOSER.as_json(),
    }
    documents = {name: canonical_json(value).encode() for name, value in inputs.items()}
    assert write_bundle(tmp_path / "b", documents).needs_approval_by_person
    bundle = read_bundle(tmp_path / "b")
    assert bundle.case.standing == LOOSER
    assert mismatches(tmp_path / "b", bundle) == []


def test_it_survives_its_file() -> None:
    trade = Trade(subject="gold", max_wer_loss=0.03, min_similarity_gain=0.05)
    full = replace(LOOSER, calibration="x", trade=SignedTrade(trade=trade))
    assert standing_from_json(full.as_json(), where="s.json") == full


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 2}, "expected a standing of schema 1"),
        ({"odd": 1}, "fields are missing or unknown"),
        ({"loosened": "all"}, "loosened: expected a list of texts"),
    ],
)
def test_a_broken_one_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        standing_from_json({**LOOSER.as_json(), **change}, where="s.json")
