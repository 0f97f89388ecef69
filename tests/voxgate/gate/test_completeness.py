from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.evidence import WEIGHTS, make_evidence, make_row, make_thresholds
from voxgate.evaluation.evidence import Evidence
from voxgate.gate.completeness import distrust
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import Case, judge

SOUND = make_evidence()
NAN = float("nan")
MEASURED = SOUND.rows[0].sound
REAL = SOUND.ceiling["sound"]


def first_row(**changes: Any) -> Evidence:
    return replace(SOUND, rows=(replace(SOUND.rows[0], **changes), *SOUND.rows[1:]))


def every_row(**changes: Any) -> Evidence:
    return replace(SOUND, rows=tuple(replace(row, **changes) for row in SOUND.rows))


def real_sound(ranges: Any) -> Evidence:
    return replace(SOUND, ceiling={**SOUND.ceiling, "sound": ranges})


def instrument(role: str, **changes: Any) -> Evidence:
    protocol = {**SOUND.protocol, role: {**SOUND.protocol[role], **changes}}
    return replace(SOUND, protocol=protocol)


def check(**changes: Any) -> Evidence:
    checks = SOUND.self_test["checks"]
    return replace(
        SOUND, self_test={"passed": True, "checks": [{**checks[0], **changes}, *checks[1:]]}
    )


BROKEN: dict[str, tuple[str, Evidence]] = {
    "a sample is missing": ("missing_samples", replace(SOUND, rows=SOUND.rows[1:])),
    "a prompt is missing": ("missing_samples", replace(SOUND, rows=SOUND.rows[3:])),
    "no sample at all": ("missing_samples", replace(SOUND, rows=())),
    "a sample occurs twice": (
        "repeated_samples", replace(SOUND, rows=(*SOUND.rows, SOUND.rows[0]))),
    "an unknown prompt": (
        "unplanned_samples", replace(SOUND, rows=(*SOUND.rows, make_row(999, 0)))),
    "the plan was smaller": ("other_plan", replace(SOUND, expected_items=179)),
    "the voice crashed": ("unmeasured_samples", first_row(fault="voice: VoiceError: no")),
    "other seeds": ("other_seeds", first_row(seed=1)),
    "NaN similarity": ("not_a_number", first_row(similarity=NAN)),
    "no similarity": ("not_a_number", first_row(similarity=None)),
    "infinite similarity": ("not_a_number", first_row(similarity=float("inf"))),
    "impossible similarity": ("not_a_number", first_row(similarity=1.01)),
    "NaN errors": ("not_a_number", first_row(word_errors=NAN)),
    "no errors counted": ("not_a_number", first_row(word_errors=None)),
    "negative errors": ("not_a_number", first_row(char_errors=-1)),
    "text for a number": ("not_a_number", first_row(word_errors="0")),
    "a flag for a number": ("not_a_number", first_row(word_errors=True)),
    "an empty reference": ("not_a_number", first_row(ref_words=0)),
    "no sound, as in evidence of schema 2": (
        "no_sound", every_row(sound={})),
    "a measure of the sound is missing": (
        "no_sound", first_row(sound={k: v for k, v in MEASURED.items() if k != "pace"})),
    "NaN sound": ("not_a_number", first_row(sound={**MEASURED, "pace": NAN})),
    "text for a sound": ("not_a_number", first_row(sound={**MEASURED, "pace": "14"})),
    "no critical words, as in evidence of schema 2": (
        "no_critical_words", every_row(critical_errors=None, critical_words=None)),
    "more critical errors than words": ("not_a_number", first_row(critical_errors=3)),
    "NaN critical errors": ("not_a_number", first_row(critical_errors=NAN)),
    "no real sound": ("no_sound_range", real_sound(None)),
    "a measure of real sound is missing": (
        "no_sound_range", real_sound({k: v for k, v in REAL.items() if k != "pace"})),
    "real sound without a percentile": (
        "no_sound_range", real_sound({**REAL, "pace": {"p1": 11.0}})),
    "real sound is NaN": (
        "no_sound_range", real_sound({**REAL, "pace": {"p1": NAN, "p99": 17.0}})),
    "a range of real sound is turned round": (
        "no_sound_range", real_sound({**REAL, "pace": {"p1": 17.0, "p99": 11.0}})),
    "NaN duration": ("not_a_number", first_row(duration_s=NAN)),
    "other benchmark": (
        "other_benchmark", replace(SOUND, benchmark={**SOUND.benchmark, "digest": "0" * 64})),
    "recogniser's weights changed": (
        "other_evaluator", instrument("transcriber", weights_sha256="0" * 64)),
    "encoder's weights changed": (
        "other_evaluator", instrument("speaker_encoder", weights_sha256="0" * 64)),
    "no encoder": (
        "other_evaluator", replace(SOUND, protocol={**SOUND.protocol, "speaker_encoder": None})),
    "self-test failed": (
        "self_test_failed", replace(SOUND, self_test={**SOUND.self_test, "passed": False})),
    "self-test without checks": (
        "self_test_failed", replace(SOUND, self_test={"passed": True, "checks": []})),
    "self-test never made": ("self_test_failed", replace(SOUND, self_test={})),
    "self-test flag was edited": ("self_test_failed", check(measured=0.9)),
    "self-test measured NaN": ("self_test_failed", check(measured=NAN)),
    "self-test measured nothing": ("self_test_failed", check(measured=None)),
    "self-test is no list": (
        "self_test_failed", replace(SOUND, self_test={"passed": True, "checks": "all fine"})),
    "self-test with the bounds of an attacker": (
        "self_test_failed", check(measured=0.9, bound=0.95)),
    "self-test without a check that the gate asks for": (
        "self_test_failed", replace(SOUND, self_test={
            "passed": True, "checks": SOUND.self_test["checks"][:3]})),
    "no rules for catastrophes": (
        "limit_out_of_bounds", replace(SOUND, protocol={
            **SOUND.protocol, "rules": {**SOUND.protocol["rules"], "catastrophe_wer": None}})),
    "empty data suite": (
        "empty_data_suite", replace(SOUND, data={**SOUND.data, "expectations_evaluated": 0})),
    "data suite failed": (
        "data_suite_failed", replace(SOUND, data={**SOUND.data, "expectations_successful": 11})),
    "no data suite": ("empty_data_suite", replace(SOUND, data={})),
    "no model": ("no_model", replace(SOUND, model={"checkpoint": None, "digest": None})),
    "no consent scope": ("unknown_consent_scope", replace(SOUND, consent_scope=None)),
    "odd consent scope": ("unknown_consent_scope", replace(SOUND, consent_scope="everything")),
    "few centroid clips": (
        "weak_centroid", replace(SOUND, centroid={**SOUND.centroid, "clips": 4})),
    "no ceiling": ("ceiling_misses_floor", replace(SOUND, ceiling={})),
    "real speech misses the WER floor": (
        "ceiling_misses_floor", replace(SOUND, ceiling={**SOUND.ceiling, "wer": 0.3})),
    "real speech misses the similarity floor": (
        "ceiling_misses_floor", replace(SOUND, ceiling={**SOUND.ceiling, "similarity": 0.7})),
    "strangers pass the floor": (
        "floor_admits_impostors", replace(SOUND, impostor_floor={"similarity": 0.8})),
    "no impostor floor": ("floor_admits_impostors", replace(SOUND, impostor_floor={})),
}  # fmt: skip


def test_sound_evidence_is_trusted() -> None:
    assert distrust(SOUND, "challenger", make_thresholds()) == []


@pytest.mark.parametrize(("code", "evidence"), BROKEN.values(), ids=BROKEN.keys())
def test_the_gate_holds(code: str, evidence: Evidence) -> None:
    verdict = judge(Case(challenger=evidence, thresholds=make_thresholds()))
    assert verdict.ruling is Ruling.HOLD
    assert verdict.figures is None
    assert verdict.needs_approval_by_person
    besides = {"missing_samples": evidence.rows == (), "no_sound_range": evidence.ceiling == {}}
    assert {reason.code for reason in verdict.reasons} == {code} | {
        name for name, there in besides.items() if there
    }


@pytest.mark.parametrize(("code", "evidence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_champion_or_gold_holds_as_well(code: str, evidence: Evidence) -> None:
    thresholds = make_thresholds()
    for subject in ("champion", "gold"):
        verdict = judge(Case(challenger=SOUND, thresholds=thresholds, rivals={subject: evidence}))
        assert verdict.ruling is Ruling.HOLD
        assert code in {c.code for c in verdict.reasons if c.subject == subject}


def test_too_few_prompts_carry_no_verdict() -> None:
    few = make_evidence(prompts=39)
    thresholds = make_thresholds(prompts=tuple(f"p{n:03d}" for n in range(39)))
    assert [c.code for c in distrust(few, "challenger", thresholds)] == ["too_few_prompts"]


def test_all_faults_are_listed_together() -> None:
    broken = replace(SOUND, rows=SOUND.rows[1:], data={}, consent_scope=None)
    codes = [c.code for c in distrust(broken, "challenger", make_thresholds())]
    assert codes == ["unknown_consent_scope", "empty_data_suite", "missing_samples"]


def test_the_reason_says_what_was_measured_and_what_was_expected() -> None:
    found = distrust(
        first_row(fault="transcribe: EvaluatorError: boom"), "challenger", make_thresholds()
    )[0]
    assert (found.measured, found.threshold) == (179, 180)
    assert found.message == (
        "1 samples could not be measured: p000-0; the first: transcribe: EvaluatorError: boom"
    )


def test_pins_are_checked_per_role() -> None:
    swapped: Callable[[str], str] = {
        "transcriber": WEIGHTS["speaker_encoder"],
        "speaker_encoder": WEIGHTS["transcriber"],
    }.__getitem__
    roles = {role: {**SOUND.protocol[role], "weights_sha256": swapped(role)} for role in WEIGHTS}
    protocol = {**SOUND.protocol, **roles}
    codes = [c.code for c in distrust(replace(SOUND, protocol=protocol), "x", make_thresholds())]
    assert codes == ["other_evaluator", "other_evaluator"]
