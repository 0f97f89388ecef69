"""A voice of several languages passes only where it passes in each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.evidence import make_calibration, make_evidence, make_thresholds, noisy_rows
from voxgate.errors import BundleError
from voxgate.evaluation.evidence import Evidence
from voxgate.files import canonical_json
from voxgate.gate.bundle import mismatches, read_bundle, write_bundle
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import Case, judge


def in_language(language: str, evidence: Evidence) -> Evidence:
    unit = {} if language == "en" else {"unit": "syllable"}
    return replace(
        evidence,
        protocol={**evidence.protocol, **unit},
        benchmark={**evidence.benchmark, "language": language},
    )


def case_in(language: str, *, wer: float = 0.05, beside: float = 0.05, **changes: Any) -> Case:
    challenger = in_language(language, make_evidence(row=noisy_rows(1, wer=wer)))
    champion = in_language(language, make_evidence(row=noisy_rows(2, wer=beside)))
    return Case(
        challenger=challenger,
        thresholds=make_thresholds(),
        rivals={"champion": champion},
        calibration=make_calibration(challenger, wer_standard_error=0.008),
        **changes,
    )


def of_languages(case: Case, *languages: str) -> Case:
    challenger = case.challenger
    return replace(
        case,
        challenger=replace(challenger, model={**challenger.model, "languages": list(languages)}),
    )


def test_a_voice_of_one_language_is_judged_as_ever() -> None:
    case = case_in("en")
    verdict = judge(case)
    assert verdict.languages == {}
    assert "languages" not in verdict.as_json()
    assert judge(of_languages(case, "en")).as_json() == verdict.as_json()


def test_every_language_must_pass() -> None:
    case = case_in("en", further={"zh": case_in("zh")})
    verdict = judge(case)
    assert verdict.ruling is Ruling.PASS
    assert {code: found.ruling for code, found in verdict.languages.items()} == {
        "en": Ruling.PASS,
        "zh": Ruling.PASS,
    }
    assert not verdict.needs_approval_by_person
    worse = judge(replace(case, further={"zh": case_in("zh", wer=0.3)}))
    assert worse.ruling is Ruling.FAIL
    assert worse.languages["en"].ruling is Ruling.PASS
    assert all(reason.subject.startswith("zh:") for reason in worse.reasons)
    assert worse.needs_approval_by_person


def test_slices_carry_their_language() -> None:
    verdict = judge(case_in("en", further={"zh": case_in("zh")}))
    slices = {c.subject for c in verdict.criteria if c.code == "slice_wer_floor"}
    assert {"en:class:plain", "zh:class:plain", "en:length:long", "zh:length:short"} <= slices


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (of_languages(case_in("en"), "en", "zh"), "no prompts of it were spoken"),
        (case_in("en", unjudged={"zh": "the self-test failed"}), "the self-test failed"),
    ],
)
def test_a_language_that_could_not_be_judged_holds_the_voice(case: Case, why: str) -> None:
    verdict = judge(case)
    assert verdict.ruling is Ruling.HOLD
    (reason,) = verdict.reasons
    assert (reason.code, reason.subject) == ("language_not_judged", "zh:challenger")
    assert why in reason.message


def test_a_language_without_a_champion_asks_a_person() -> None:
    alone = replace(case_in("zh"), rivals={})
    verdict = judge(case_in("en", further={"zh": alone}))
    assert verdict.ruling is Ruling.PASS
    assert verdict.needs_approval_by_person


def test_more_prompts_are_drawn_while_any_language_needs_them() -> None:
    open_one = case_in("zh", wer=0.08)
    found = judge(open_one)
    assert found.ruling is Ruling.INCONCLUSIVE
    verdict = judge(case_in("en", further={"zh": open_one}))
    assert verdict.ruling is Ruling.INCONCLUSIVE
    assert verdict.advice == found.advice


def inputs_of(case: Case, suffix: str = "") -> dict[str, bytes]:
    documents = {
        "challenger": case.challenger,
        **case.rivals,
        "thresholds": case.thresholds,
        "calibration": case.calibration,
    }
    return {
        f"{name}{suffix}": canonical_json(document.as_json()).encode()
        for name, document in documents.items()
        if document is not None
    }


def test_a_bundle_keeps_every_language_and_can_be_judged_again(tmp_path: Path) -> None:
    own, other = case_in("en"), case_in("zh", wer=0.3)
    unjudged = canonical_json({"ja": "nobody hears it"}).encode()
    inputs = {**inputs_of(own), **inputs_of(other, ".zh"), "unjudged": unjudged}
    verdict = write_bundle(tmp_path / "bundle", inputs)
    assert verdict.ruling is Ruling.HOLD
    bundle = read_bundle(tmp_path / "bundle")
    assert bundle.case.further.keys() == {"zh"}
    assert bundle.case.unjudged == {"ja": "nobody hears it"}
    assert mismatches(tmp_path / "bundle", bundle) == []
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_text())
    assert manifest["schema"] == 2
    report = (tmp_path / "bundle" / "report.md").read_text()
    assert report.startswith("# HOLD\n")
    assert "| en | PASS | WER |" in report
    assert "| zh | FAIL | SER |" in report
    assert "# zh: FAIL" in report
    (tmp_path / "bundle" / "challenger.zh.json").unlink()
    with pytest.raises(BundleError, match=r"files differ from the manifest: challenger\.zh\.json"):
        read_bundle(tmp_path / "bundle")


def test_evidence_under_another_language_is_no_bundle(tmp_path: Path) -> None:
    inputs = {**inputs_of(case_in("en")), **inputs_of(case_in("zh"), ".ja")}
    with pytest.raises(BundleError, match="another language than its own"):
        write_bundle(tmp_path / "bundle", inputs)


def test_a_bundle_of_one_language_is_what_it_was(tmp_path: Path) -> None:
    write_bundle(tmp_path / "bundle", inputs_of(case_in("en")))
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_text())
    assert manifest["schema"] == 1
