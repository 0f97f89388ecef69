from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.evidence import (
    SOUND,
    make_calibration,
    make_evidence,
    make_thresholds,
    noisy_rows,
)
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.sound.catalogue import CATALOGUE, MEASURES, Measure
from voxgate.gate.criterion import Ruling
from voxgate.gate.sound_limits import SOUND_LIMITS, find_ranges
from voxgate.gate.verdict import Case, Verdict, judge

Row = Callable[[int, int], dict[str, Any]]

ROWS = noisy_rows(2)
CHAMPION = make_evidence(row=noisy_rows(1))
CALIBRATION = make_calibration(wer_standard_error=0.007)
RANGES = find_ranges(CHAMPION.ceiling)

WORSE = [
    (measure, sign)
    for measure in CATALOGUE
    for sign in {"higher": (1,), "lower": (-1,), "either": (1, -1)}[measure.worse]
]
IDS = [f"{measure.name} {'up' if sign > 0 else 'down'}" for measure, sign in WORSE]
ONE_SIDED = [(measure, sign) for measure, sign in WORSE if measure.worse != "either"]


def judged(challenger: Evidence, **rivals: Evidence) -> Verdict:
    case = Case(
        challenger=challenger,
        thresholds=make_thresholds(bootstrap_draws=1000),
        rivals=rivals,
        calibration=CALIBRATION,
    )
    return judge(case)


def ruled(verdict: Verdict) -> dict[str, Ruling]:
    return {reason.code: reason.ruling for reason in verdict.reasons}


def shifted(by: float, measure: str, row: Row, where: Callable[[int, int], bool]) -> Evidence:
    def changed(prompt: int, k: int) -> dict[str, Any]:
        values = row(prompt, k)
        if not where(prompt, k):
            return values
        sound = {**values["sound"], measure: values["sound"][measure] + by}
        return {**values, "sound": sound}

    return make_evidence(row=changed)


def margin(measure: str) -> float:
    return CALIBRATION.margin(measure, SOUND_LIMITS[measure].margin, confidence=0.95)


def everywhere(_prompt: int, _k: int) -> bool:
    return True


def one_sample_in_a_sixth(prompt: int, k: int) -> bool:
    return prompt % 6 == 0 and k == 1


def beyond(measure: Measure, sign: int) -> float:
    """Return a shift that brings the invented voice out of the range of the measure."""
    limits = RANGES[measure.name]
    mean, spread, *_ = SOUND[measure.name]
    edge = limits.high if sign > 0 else limits.low
    return edge - mean + sign * (5 * spread + 0.01)


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_a_voice_that_is_worse_by_twice_the_margin_fails_by_the_measures_own_code(
    measure: Measure, sign: int
) -> None:
    code = f"{SOUND_LIMITS[measure.name].code}_versus_champion"
    worse = shifted(2 * sign * margin(measure.name), measure.name, ROWS, everywhere)
    assert ruled(judged(worse, champion=CHAMPION))[code] is Ruling.FAIL


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_beside_gold_a_voice_may_sound_as_its_speaker_does_and_not_worse(
    measure: Measure, sign: int
) -> None:
    """Gold is another voice: what leads away from it to the speaker is no loss."""
    code = f"{SOUND_LIMITS[measure.name].code}_versus_gold"
    mean, _, low, high = SOUND[measure.name]
    to_her = (high if sign > 0 else low) - mean
    like = shifted(0.8 * to_her, measure.name, ROWS, everywhere)
    assert code not in ruled(judged(like, gold=CHAMPION))
    by = to_her + 2 * sign * margin(measure.name)
    assert ruled(judged(shifted(by, measure.name, ROWS, everywhere), gold=CHAMPION))[code] is (
        Ruling.FAIL
    )


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_beside_a_gold_that_is_far_from_the_speaker_to_come_nearer_is_no_loss(
    measure: Measure, sign: int
) -> None:
    code = f"{SOUND_LIMITS[measure.name].code}_versus_gold"
    mean, _, low, high = SOUND[measure.name]
    edge, step = (high if sign > 0 else low) - mean, sign * margin(measure.name)
    gold = shifted(edge + 2 * step, measure.name, noisy_rows(1), everywhere)
    nearer = shifted(edge + step, measure.name, ROWS, everywhere)
    assert code not in ruled(judged(nearer, gold=gold))
    farther = shifted(edge + 5 * step, measure.name, ROWS, everywhere)
    assert ruled(judged(farther, gold=gold))[code] is Ruling.FAIL


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_a_voice_that_is_worse_by_a_quarter_of_the_margin_passes(
    measure: Measure, sign: int
) -> None:
    by = 0.25 * sign * margin(measure.name)
    verdict = judged(shifted(by, measure.name, ROWS, everywhere), champion=CHAMPION)
    assert verdict.ruling is Ruling.PASS, ruled(verdict)


@pytest.mark.parametrize(
    ("measure", "sign"), ONE_SIDED, ids=[measure.name for measure, _ in ONE_SIDED]
)
def test_better_is_never_blocked(measure: Measure, sign: int) -> None:
    by = -5 * sign * margin(measure.name)
    verdict = judged(shifted(by, measure.name, ROWS, everywhere), champion=CHAMPION)
    assert verdict.ruling is Ruling.PASS, ruled(verdict)


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_a_voice_out_of_the_speakers_range_fails_without_any_rival(
    measure: Measure, sign: int
) -> None:
    worse = shifted(beyond(measure, sign), measure.name, ROWS, everywhere)
    found = ruled(judged(worse))
    assert found == {
        "sound_floor": Ruling.FAIL,
        f"{SOUND_LIMITS[measure.name].code}_floor": Ruling.FAIL,
    }


@pytest.mark.parametrize(("measure", "sign"), WORSE, ids=IDS)
def test_a_fault_in_one_sample_of_a_sixth_of_the_prompts_does_not_drown_in_the_mean(
    measure: Measure, sign: int
) -> None:
    worse = shifted(beyond(measure, sign), measure.name, ROWS, one_sample_in_a_sixth)
    verdict = judged(worse, champion=CHAMPION)
    found = {reason.code: reason for reason in verdict.reasons}["sound_outliers_versus_champion"]
    assert found.ruling is Ruling.FAIL
    assert f"alone: 10 ({measure.name} 10) [p000, p006, p012 and 7 more]" in found.message
    assert "sound_floor" not in ruled(verdict)


def test_two_odd_samples_are_no_reason() -> None:
    odd = shifted(3.0, "tail_s", ROWS, lambda prompt, k: prompt < 2 and k == 0)
    verdict = judged(odd, champion=CHAMPION)
    assert verdict.ruling is Ruling.PASS
    (found,) = [c for c in verdict.criteria if c.code == "sound_outliers_versus_champion"]
    assert "alone: 2 (tail_s 2) [p000, p001]" in found.message
    assert found.message.endswith("McNemar p = 0.25 is not significant")


def test_words_that_must_not_change_are_judged_apart_from_all_others() -> None:
    def row(prompt: int, k: int) -> dict[str, Any]:
        return {**ROWS(prompt, k), "critical_errors": 1}

    found = ruled(judged(make_evidence(row=row), champion=CHAMPION))
    assert found == {"critical_versus_champion": Ruling.FAIL}


def test_prompts_without_words_that_must_not_change_have_none_to_lose() -> None:
    none = make_evidence(row=lambda p, k: {**ROWS(p, k), "critical_words": 0, "critical_errors": 0})
    verdict = judged(none, champion=none)
    assert verdict.ruling is Ruling.PASS
    (found,) = [c for c in verdict.criteria if c.code == "critical_versus_champion"]
    assert found.message.startswith("these prompts have no word that must not change")


def without(measure: str, where: Callable[[int, int], bool]) -> Evidence:
    def row(prompt: int, k: int) -> dict[str, Any]:
        values = ROWS(prompt, k)
        return (
            {**values, "sound": {**values["sound"], measure: None}}
            if where(prompt, k)
            else (values)
        )

    return make_evidence(row=row)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_that_could_be_told_nowhere_fails_beside_a_rival_and_by_itself(
    measure: str,
) -> None:
    verdict = judged(without(measure, everywhere), champion=CHAMPION)
    code = SOUND_LIMITS[measure].code
    assert ruled(verdict) == {f"{code}_floor": Ruling.FAIL, f"{code}_versus_champion": Ruling.FAIL}
    assert "could be told in 0 of 180 samples only" in verdict.reasons[0].message
    assert measure not in (verdict.figures or {})


def test_a_rival_without_a_measure_is_nothing_to_compare_with() -> None:
    verdict = judged(CHAMPION, champion=without("pace", everywhere))
    assert ruled(verdict) == {"champion_no_sound": Ruling.HOLD}


def test_a_measure_that_could_not_be_told_in_some_samples_is_judged_by_the_others() -> None:
    verdict = judged(without("pause_s", lambda prompt, _k: prompt < 20), champion=CHAMPION)
    assert verdict.ruling is Ruling.PASS


def test_a_later_look_has_wider_bounds_and_the_same_margin() -> None:
    def found(look: int) -> dict[str, Any]:
        case = Case(
            challenger=make_evidence(row=ROWS),
            thresholds=make_thresholds(look=look),
            rivals={"champion": CHAMPION},
            calibration=CALIBRATION,
        )
        return {c.code: c for c in judge(case).criteria}

    first, second = found(1), found(2)
    for code in ("wer_versus_champion", "similarity_versus_champion", "bandwidth_versus_champion"):
        assert first[code].threshold == second[code].threshold
        assert first[code].measured["low"] > second[code].measured["low"]


def test_the_figures_hold_every_mean_with_its_bounds_and_the_rivals_beside() -> None:
    verdict = judged(make_evidence(row=ROWS), champion=CHAMPION, gold=CHAMPION)
    figures = verdict.as_json()["figures"]
    for name in (*MEASURES, "critical", "sound_outlier_rate"):
        for found in (figures[name], figures["rivals"]["champion"][name]):
            assert found["low"] <= found["point"] <= found["high"]
    assert figures["rivals"]["champion"] == figures["rivals"]["gold"]
    assert figures["level_lufs"]["point"] == pytest.approx(SOUND["level_lufs"][0], abs=0.5)
