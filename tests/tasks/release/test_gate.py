from __future__ import annotations

import json
from pathlib import Path

import pytest

from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
from tasks.release.gate import gate
from tasks.stages.evaluate import evaluate
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.evidence import make_calibration
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.voice import ToneVoice
from voxgate.errors import BundleError
from voxgate.evaluation.evidence import read_evidence
from voxgate.files import write_json
from voxgate.gate.bundle import mismatches, read_bundle
from voxgate.gate.calibrated import bind
from voxgate.gate.criterion import Ruling
from voxgate.gate.expected_noise import expected_errors


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> EvaluationWorkspace:
    site = EvaluationWorkspace(tmp_path_factory.mktemp("site"))
    site.evaluate(ToneVoice())
    return site


def evidence_of(site: EvaluationWorkspace) -> Path:
    return site.workspace.stage_dir("evaluate") / "evidence.json"


def test_a_good_voice_passes_the_floors_and_the_bundle_verifies(
    site: EvaluationWorkspace, tmp_path: Path
) -> None:
    verdict = gate(site.workspace, params_for(site), folder=tmp_path / "b")
    assert verdict.ruling is Ruling.PASS
    assert verdict.needs_approval_by_person
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        "challenger.json", "manifest.json", "report.md", "thresholds.json", "verdict.json",
    ]  # fmt: skip
    assert mismatches(tmp_path / "b", read_bundle(tmp_path / "b")) == []
    assert (tmp_path / "b" / "challenger.json").read_bytes() == evidence_of(site).read_bytes()


def test_evaluators_other_than_the_pinned_ones_hold(
    site: EvaluationWorkspace, tmp_path: Path
) -> None:
    verdict = gate(site.workspace, site.params, folder=tmp_path / "b")
    assert verdict.ruling is Ruling.HOLD
    assert "other_evaluator" in {reason.code for reason in verdict.reasons}


def test_a_champion_without_a_calibration_record_holds(
    site: EvaluationWorkspace, tmp_path: Path
) -> None:
    champion = evidence_of(site)
    verdict = gate(
        site.workspace, params_for(site), folder=tmp_path / "b", rivals={"champion": champion}
    )
    assert verdict.ruling is Ruling.HOLD
    assert [reason.code for reason in verdict.reasons] == ["uncalibrated"]


def test_the_committed_calibration_record_is_used(
    site: EvaluationWorkspace, tmp_path: Path
) -> None:
    evidence = read_evidence(evidence_of(site))
    thresholds = build_thresholds(site.workspace, params_for(site))
    noise = expected_errors(evidence.rows, seeds=3)
    record = make_calibration(
        evidence,
        benchmark_digest=evidence.benchmark["digest"],
        prompts=3,
        runs=1000,
        standard_errors=noise,
    )
    record = bind(record, evidence, thresholds, measured_at="2026-11-28", command="voxgate")
    path = calibration_path(site.workspace)
    write_json(path, record.as_json())
    evidence.write(takes_path(site.workspace))
    try:
        verdict = gate(
            site.workspace,
            params_for(site),
            folder=tmp_path / "b",
            rivals={"champion": evidence_of(site), "gold": evidence_of(site)},
        )
        path.write_text(path.read_text().replace('"wer": 0', '"wer": 1'))
        edited = gate(
            site.workspace,
            params_for(site),
            folder=tmp_path / "e",
            rivals={"champion": evidence_of(site)},
        )
    finally:
        path.unlink()
        takes_path(site.workspace).unlink()
    assert [reason.code for reason in edited.reasons] == ["calibration_not_of_its_takes"]
    assert verdict.ruling is Ruling.PASS
    assert not verdict.needs_approval_by_person
    assert json.loads((tmp_path / "b" / "verdict.json").read_text())["compared_with"] == [
        "champion",
        "gold",
    ]


def test_a_changed_benchmark_holds(site: EvaluationWorkspace, tmp_path: Path) -> None:
    path = site.workspace.benchmark_dir / "prompts.en.jsonl"
    before = path.read_text()
    path.write_text(before.replace("very important", "not important"))
    try:
        verdict = gate(site.workspace, params_for(site), folder=tmp_path / "b")
    finally:
        path.write_text(before)
    assert {reason.code for reason in verdict.reasons} == {"other_benchmark"}


def test_missing_evidence_is_named(site: EvaluationWorkspace, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"nowhere\.json is missing"):
        gate(
            site.workspace,
            params_for(site),
            folder=tmp_path / "b",
            rivals={"gold": tmp_path / "nowhere.json"},
        )
    assert not (tmp_path / "b").exists()


def test_an_evaluation_whose_self_test_failed_holds(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path / "site")
    site.transcriber.script.clear()
    evaluate(
        site.workspace,
        site.params,
        transcriber=site.transcriber,
        encoder=site.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
        load_voice=lambda _: ToneVoice(),
    )
    verdict = gate(site.workspace, params_for(site), folder=tmp_path / "b")
    assert verdict.ruling is Ruling.HOLD
    assert {"self_test_failed", "no_model", "missing_samples"} <= {
        reason.code for reason in verdict.reasons
    }
