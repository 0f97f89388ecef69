from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.calibration import Calibration
from voxgate.gate.comparability import distrust_comparison
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import Case, judge

SOUND = make_evidence()
CALIBRATION = make_calibration()


def codes(rival: Evidence, calibration: Calibration | None = CALIBRATION) -> set[str]:
    verdict = judge(
        Case(
            challenger=SOUND,
            thresholds=make_thresholds(),
            rivals={"champion": rival},
            calibration=calibration,
        )
    )
    assert verdict.ruling is Ruling.HOLD
    return {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize("role", ["normaliser", "published_normaliser"])
def test_another_normaliser_holds_and_is_named(role: str) -> None:
    rival = replace(SOUND, protocol={**SOUND.protocol, role: {"name": "o", "fingerprint": "o"}})
    assert codes(rival) == {"champion_other_protocol"}
    (held,) = distrust_comparison(
        SOUND, rival, "champion", thresholds=make_thresholds(), calibration=CALIBRATION
    )
    assert held.message.startswith(f"instruments or scoring rules ({role}) differ")


def test_other_scoring_rules_hold() -> None:
    rival = replace(SOUND, protocol={**SOUND.protocol, "scoring_version": 0})
    assert codes(rival) == {"champion_other_protocol"}


def test_another_centroid_holds() -> None:
    assert codes(replace(SOUND, centroid={"clips": 12, "digest": "8" * 64})) == {
        "champion_other_centroid"
    }


def test_other_reference_lengths_hold() -> None:
    rows = (replace(SOUND.rows[0], ref_words=11), *SOUND.rows[1:])
    assert codes(replace(SOUND, rows=rows)) == {"champion_other_references"}


def test_another_number_of_critical_words_holds() -> None:
    rows = (replace(SOUND.rows[0], critical_words=1), *SOUND.rows[1:])
    assert codes(replace(SOUND, rows=rows)) == {"champion_other_references"}


def test_figures_without_a_standard_error_are_named() -> None:
    record = make_calibration(standard_errors={"wer": 0.1, "similarity": 0.1})
    (held,) = distrust_comparison(
        SOUND, SOUND, "champion", thresholds=make_thresholds(), calibration=record
    )
    assert "no usable figures of critical, level_lufs, clipped_share and 13 more" in held.message


@pytest.mark.parametrize(
    ("calibration", "code"),
    [
        (None, "uncalibrated"),
        (replace(CALIBRATION, runs=1), "uncalibrated"),
        (make_calibration(wer_standard_error=float("nan")), "uncalibrated"),
        (make_calibration(similarity_standard_error=float("inf")), "uncalibrated"),
        (make_calibration(wer_standard_error=-0.1), "uncalibrated"),
        (make_calibration(standard_errors={"wer": 0.1, "similarity": 0.1}), "uncalibrated"),
        (replace(CALIBRATION, prompts=0), "uncalibrated"),
        (replace(CALIBRATION, protocol_digest="0" * 64), "calibration_of_other_measurement"),
        (replace(CALIBRATION, benchmark_digest="0" * 64), "calibration_of_other_measurement"),
        (replace(CALIBRATION, seeds=1), "calibration_of_other_measurement"),
    ],
)
def test_a_comparison_without_a_sound_calibration_holds(
    calibration: Calibration | None, code: str
) -> None:
    assert codes(SOUND, calibration) == {code}
    held = distrust_comparison(
        SOUND, SOUND, "champion", thresholds=make_thresholds(), calibration=calibration
    )
    assert all(criterion.message.endswith("run `voxgate calibrate`") for criterion in held)


def test_without_a_champion_no_calibration_is_needed() -> None:
    verdict = judge(Case(challenger=SOUND, thresholds=make_thresholds()))
    assert verdict.ruling is Ruling.PASS
