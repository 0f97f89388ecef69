"""Today's samples against the release's: proved worse, or left alone, or not measurable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.fakes.evidence import (
    SEEDS,
    make_calibration,
    make_evidence,
    make_thresholds,
    noisy_rows,
    prompt_ids,
)
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.plan import item_seed
from voxgate.gate.calibration import Calibration
from voxgate.gate.criterion import Ruling
from voxgate.gate.monitoring import Observation, judge_live
from voxgate.gate.statistics import margin_factor

DAY = date(2026, 11, 22)
BLOCK = prompt_ids()[::3]
RELEASED = make_evidence(row=noisy_rows(1, wer=0.05))
THRESHOLDS = replace(make_thresholds(), prompts=BLOCK, min_prompts=1)


def of_today(row: Callable[[int, int], dict[str, Any]] | None = None, **changes: Any) -> Evidence:
    whole = make_evidence(row=row or noisy_rows(2, wer=0.05))
    rows = tuple(
        replace(r, seed=item_seed(*r.item, day=DAY)) for r in whole.rows if r.prompt_id in BLOCK
    )
    return replace(whole, rows=rows, expected_items=len(rows), **changes)


def judged(
    today: Evidence, calibration: Calibration | None = None, released: Evidence = RELEASED
) -> Observation:
    return judge_live(
        today,
        released,
        day=DAY,
        thresholds=THRESHOLDS,
        calibration=calibration or make_calibration(RELEASED, wer_standard_error=0.006),
    )


def codes(observation: Observation) -> list[str]:
    return [criterion.code for criterion in observation.reasons]


def test_the_same_voice_with_other_seeds_is_ok() -> None:
    observation = judged(of_today())
    assert (observation.ruling, codes(observation)) == (Ruling.PASS, [])
    assert set(observation.figures) == {"today", "release", "deviations", "worst"}
    assert all(abs(z) < 5 for z in observation.figures["deviations"].values())
    assert observation.figures["today"]["wer"]["high"] > observation.figures["today"]["wer"]["low"]


def test_what_the_gate_would_call_inconclusive_does_not_count_against_the_voice() -> None:
    observation = judged(of_today(noisy_rows(2, wer=0.1)))
    assert any(c.ruling is Ruling.INCONCLUSIVE for c in observation.criteria)
    assert (observation.ruling, observation.reasons) == (Ruling.PASS, ())


def test_a_voice_that_became_unintelligible_has_failed() -> None:
    observation = judged(of_today(noisy_rows(2, wer=0.9)))
    assert observation.ruling is Ruling.FAIL
    assert {"wer_floor", "wer_versus_release", "catastrophes_versus_release"} <= set(
        codes(observation)
    )
    assert "corpus WER of the live voice minus that of the release" in " ".join(
        c.message for c in observation.reasons
    )


def test_another_speaker_has_failed_though_every_word_is_right() -> None:
    observation = judged(of_today(noisy_rows(2, wer=0.05, similarity=0.6)))
    assert set(codes(observation)) == {
        "similarity_floor",
        "stranger_floor",
        "similarity_versus_release",
    }


def test_a_hiss_after_every_sentence_has_failed_though_every_word_is_right() -> None:
    row = noisy_rows(2, wer=0.05)

    def hissing(prompt: int, k: int) -> dict[str, Any]:
        values = row(prompt, k)
        return {**values, "sound": {**values["sound"], "tail_s": 2.0}}

    observation = judged(of_today(hissing))
    assert set(codes(observation)) == {
        "sound_floor",
        "tail_floor",
        "tail_versus_release",
        "sound_outliers_versus_release",
    }
    assert observation.figures["today"]["tail_s"]["point"] == 2.0
    assert observation.figures["release"]["tail_s"]["point"] < 0.3


def test_the_margin_of_a_block_is_wider_than_that_of_the_benchmark() -> None:
    def margin(prompts: tuple[str, ...]) -> float:
        observation = judge_live(
            of_today() if prompts == BLOCK else _whole_day(),
            RELEASED,
            day=DAY,
            thresholds=replace(THRESHOLDS, prompts=prompts),
            calibration=make_calibration(RELEASED, wer_standard_error=0.008),
        )
        (found,) = [c for c in observation.criteria if c.code == "wer_versus_release"]
        return float(found.threshold)

    factor = [
        margin_factor(THRESHOLDS.confidence, power=1 - 0.05 / 3, prompts=len(prompts))
        for prompts in (BLOCK, prompt_ids())
    ]
    expected = margin(prompt_ids()) * 3**0.5 * factor[0] / factor[1]
    assert margin(BLOCK) == pytest.approx(expected, rel=1e-4)


def _whole_day() -> Evidence:
    whole = make_evidence(row=noisy_rows(2, wer=0.05))
    return replace(
        whole, rows=tuple(replace(r, seed=item_seed(*r.item, day=DAY)) for r in whole.rows)
    )


GOOD = of_today()
UNTRUSTED: dict[str, tuple[str, Evidence]] = {
    "a sample is missing": ("missing_samples", replace(GOOD, rows=GOOD.rows[1:])),
    "nothing was spoken": ("missing_samples", replace(GOOD, rows=())),
    "a sample could not be measured": (
        "unmeasured_samples",
        replace(GOOD, rows=(replace(GOOD.rows[0], fault="voice: no"), *GOOD.rows[1:])),
    ),
    "yesterday's seeds": (
        "other_seeds",
        replace(GOOD, rows=tuple(replace(r, seed=item_seed(*r.item)) for r in GOOD.rows)),
    ),
    "the self-test failed": ("self_test_failed", replace(GOOD, self_test={"passed": False})),
    "other instruments": (
        "release_other_protocol",
        replace(GOOD, protocol={**GOOD.protocol, "scoring_version": 99}),
    ),
}


@pytest.mark.parametrize(("code", "today"), UNTRUSTED.values(), ids=UNTRUSTED.keys())
def test_a_number_that_cannot_be_trusted_is_a_hold(code: str, today: Evidence) -> None:
    observation = judged(today)
    assert (observation.ruling, observation.figures) == (Ruling.HOLD, {})
    assert code in codes(observation)


def test_without_a_calibration_nobody_knows_what_a_difference_means() -> None:
    observation = judge_live(of_today(), RELEASED, day=DAY, thresholds=THRESHOLDS, calibration=None)
    assert (observation.ruling, codes(observation)) == (Ruling.HOLD, ["uncalibrated"])


def test_a_release_that_was_measured_in_part_is_no_yardstick() -> None:
    partial = replace(RELEASED, rows=RELEASED.rows[1:], expected_items=len(RELEASED.rows) - 1)
    observation = judged(of_today(), released=partial)
    assert observation.ruling is Ruling.HOLD
    assert "missing_samples" in codes(observation)
    assert SEEDS == 3
