from __future__ import annotations

from dataclasses import replace

import pytest

from flows.reports.drills import describe_record, render_drill
from tasks.measuring.drill_report import DrillReport, FaultResult
from tasks.measuring.sound_moves import find_moves, mean_sound
from tests.fakes.evidence import make_calibration, make_evidence, make_row, make_thresholds
from voxgate.evaluation.drills.bad_voices import FAULTS
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.summary import summarise
from voxgate.gate.noise import AaOutcome
from voxgate.gate.verdict import Case, judge

SOUND = make_evidence(
    row=lambda p, k: {"sound": {**make_row(p, k).sound, "level_lufs": -20.0 - p % 2}}
)
SILENT = make_evidence(
    row=lambda p, k: {
        "word_errors": 10,
        "similarity": 0.0,
        "catastrophes": ("empty_audio",),
        "sound": {**make_row(p, k).sound, "level_lufs": -70.0},
    }
)
ITSELF = AaOutcome(runs=100, passed=96, rulings={"INCONCLUSIVE": 4, "PASS": 96},
                   blamed={"wer_versus_champion": 4})  # fmt: skip


def met(name: str, evidence: Evidence) -> FaultResult:
    (fault,) = [fault for fault in FAULTS if fault.name == name]
    case = Case(
        challenger=evidence,
        thresholds=make_thresholds(bootstrap_draws=1000),
        rivals={"champion": SOUND},
        calibration=make_calibration(),
    )
    return FaultResult(
        fault=fault,
        summary=summarise(evidence.rows),
        sound=mean_sound(evidence.rows),
        moves=find_moves(SOUND.rows, evidence.rows),
        against_champion=judge(case),
        on_floors=judge(replace(case, rivals={})),
    )


@pytest.fixture(scope="module")
def report() -> DrillReport:
    return DrillReport(
        checkpoint="step-000300",
        prompts=60,
        seeds=3,
        takes=8,
        calibration=make_calibration(),
        sound=summarise(SOUND.rows),
        sound_measures=mean_sound(SOUND.rows),
        faults=(met("silence", SILENT), met("speed-up", SOUND)),
        itself=ITSELF,
        protocol=SOUND.protocol,
    )


def test_a_blocked_voice_has_its_reasons_and_one_that_got_through_is_marked(
    report: DrillReport,
) -> None:
    text = render_drill(report)
    silence, hurried = [line for line in text.splitlines() if line.startswith("| s")][1:]
    assert silence.startswith("| silence: silence of the right length | FAIL | FAIL |")
    assert "`catastrophe_floor`" in silence
    figures = "| 100.0 % | 0.000 | 1.00 | 60 of 60 | level_lufs -20.5 to -70 |"
    assert silence.endswith(f"(empty_audio) {figures}")
    assert hurried.endswith("| 0 of 60 | - |")
    assert "| **PASS: not blocked** | PASS | none | 0.0 % | 0.900 |" in hurried
    assert "A/A: 96 of 100 runs pass (8 takes a prompt)." in text
    assert "| `wer_versus_champion` | 96 % | 1 |" in text
    assert "| `similarity_floor` | 100 % | 1 |" in text
    assert "| `slice_wer_floor` | 100 % | 1 |" in text
    assert text.endswith(
        "1 of 2 bad voices are blocked for the right reasons; not: speed-up. **The drill failed.**"
    )


def test_a_drill_is_passed_by_all_bad_voices_and_by_the_sound_one(report: DrillReport) -> None:
    passed = replace(report, faults=report.faults[:1])
    assert render_drill(passed).endswith("for the right reasons. The drill is passed.")
    partial = render_drill(replace(passed, left_out=41))
    assert partial.endswith("right reasons. 41 others were left out. The drill is passed.")
    unlucky = replace(passed, itself=replace(ITSELF, passed=94))
    assert render_drill(unlucky).endswith("**The drill failed.**")


def test_a_record_is_shown_with_the_margins_that_follow() -> None:
    judged = {"runs": 100, "passed": 97, "blamed": {"wer_versus_champion": 3}}
    record = make_calibration(
        wer_standard_error=0.01,
        similarity_standard_error=0.001,
        provenance={"checkpoint": "step-1", "prompts": 60, "takes": 8, "wer": 0.1,
                    "similarity": 0.86, "judged": judged},
    )  # fmt: skip
    text = describe_record(record, make_thresholds())
    assert "standard error of a difference 0.0100, margin 0.0385" in text
    assert "standard error of a difference 0.0010, margin 0.0200" in text
    assert "level_lufs standard error of a difference 0.04216, margin 1.5" in text
    assert "passes 97 of 100 A/A runs; wer_versus_champion: 3" in text
