"""A record of another voice, an invented one, an edited one: none of them widens a margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.evidence import (
    ORIGIN,
    make_calibration,
    make_evidence,
    make_row,
    make_thresholds,
    noisy_rows,
    prompt_ids,
)
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.calibrated import bind, doubt_takes
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Ruling
from voxgate.gate.expected_noise import expected_errors
from voxgate.gate.noise import measure_noise
from voxgate.gate.verdict import Case, Verdict, judge

CHALLENGER = make_evidence(row=noisy_rows(1))
CHAMPION = make_evidence(row=noisy_rows(2))
TRUE = expected_errors(CHALLENGER.rows, seeds=3)


def record(*, provenance: Mapping[str, Any] = ORIGIN, **errors: float) -> Calibration:
    stated = {name: round(value, 6) for name, value in TRUE.items()}
    return make_calibration(CHALLENGER, standard_errors={**stated, **errors}, provenance=provenance)


def judged(
    calibration: Calibration, challenger: Evidence = CHALLENGER, champion: Evidence = CHAMPION
) -> Verdict:
    return judge(
        Case(
            challenger=challenger,
            thresholds=make_thresholds(),
            rivals={"champion": champion},
            calibration=calibration,
        )
    )


def held(calibration: Calibration) -> set[str]:
    verdict = judged(calibration)
    assert verdict.ruling is Ruling.HOLD
    return {reason.code for reason in verdict.reasons}


def test_a_record_that_the_samples_bear_out_is_used() -> None:
    assert judged(record()).ruling is not Ruling.HOLD


@pytest.mark.parametrize("factor", [0.3, 3.0])
@pytest.mark.parametrize("name", ["wer", "similarity"])
def test_an_invented_record_holds(name: str, factor: float) -> None:
    # A likeness noise this small widens nothing, so the smallest margin is made smaller.
    invented = record(**{name: TRUE[name] * factor})
    verdict = judge(
        Case(
            challenger=CHALLENGER,
            thresholds=make_thresholds(similarity_margin=0.001),
            rivals={"champion": CHAMPION},
            calibration=invented,
        )
    )
    assert {reason.code for reason in verdict.reasons} == {"calibration_implausible"}
    assert f"standard error of {name}" in verdict.reasons[0].message


def test_a_record_for_another_voice_holds() -> None:
    foreign = record(provenance={**record().provenance, "model_name": "voice-other"})
    assert held(foreign) == {"calibration_of_other_voice"}


@pytest.mark.parametrize(
    "missing", ["model_name", "model_digest", "measured_at", "command", "takes_sha256", "prompts"]
)
def test_a_record_without_its_origin_holds(missing: str) -> None:
    origin = {name: value for name, value in record().provenance.items() if name != missing}
    assert held(record(provenance=origin)) == {"calibration_without_origin"}


def test_a_silent_voice_is_no_reason_to_doubt_an_honest_record() -> None:
    def silent(_prompt: int, _k: int) -> dict[str, Any]:
        return {"word_errors": 10, "char_errors": 50, "catastrophes": ("high_wer",)}

    verdict = judged(record(), challenger=make_evidence(row=silent))
    assert verdict.ruling is Ruling.FAIL


def test_on_a_few_prompts_the_samples_say_too_little() -> None:
    few = make_thresholds(prompts=prompt_ids(19), min_prompts=19)
    rows = CHALLENGER.rows[:57]
    short = replace(CHALLENGER, rows=rows, expected_items=57)
    case = Case(
        challenger=short,
        thresholds=few,
        rivals={"champion": short},
        calibration=record(wer=0.2),
    )
    assert "calibration_implausible" not in {reason.code for reason in judge(case).reasons}


def test_one_sample_a_prompt_says_nothing_about_noise() -> None:
    assert expected_errors([row for row in CHALLENGER.rows if row.seed_index == 0], seeds=1) == {}


def drawn() -> tuple[Calibration, Evidence]:
    spread = noisy_rows(4), noisy_rows(5)
    rows = tuple(
        make_row(p, 3 * n + k, **row(p, k))
        for p in range(60)
        for n, row in enumerate(spread)
        for k in range(3)
    )
    takes = make_evidence(rows=rows, expected_items=len(rows))
    measured = measure_noise(takes, make_thresholds(), runs=1000, seed=3)
    bound = bind(measured, takes, make_thresholds(), measured_at="2026-11-28T12:00:00", command="c")
    return bound, takes


@pytest.mark.slow
def test_a_record_is_what_its_takes_come_to() -> None:
    bound, takes = drawn()
    digest = bound.provenance["takes_sha256"]
    assert doubt_takes(bound, takes, digest) is None
    more = {**bound.standard_errors, "wer": 1.3 * bound.wer_standard_error}
    edited = replace(bound, standard_errors=more)
    assert "it was altered" in str(doubt_takes(edited, takes, digest))
    assert "drawn from other takes" in str(doubt_takes(bound, takes, "0" * 64))
    assert "are missing" in str(doubt_takes(bound, None, None))
