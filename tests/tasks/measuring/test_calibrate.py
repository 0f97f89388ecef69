from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.measuring.calibrate import calibrate
from tasks.measuring.takes import FIRST_TAKE
from tasks.measuring.thresholds import calibration_path, takes_path
from tasks.release.gate import gate
from tasks.stages.evaluate import evaluate
from tests.fakes.evaluation_workspace import PROMPTS, EvaluationWorkspace, params_for, prompt_id
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.takes import hear_takes, instruments_of
from tests.fakes.voice import ToneVoice
from voxgate.errors import EvaluatorError, GateError, StageError
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.plan import item_seed
from voxgate.files import digest_file, read_json, write_json
from voxgate.gate.calibration import Calibration, calibration_from_json
from voxgate.gate.criterion import Ruling

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
TAKES = 6


@pytest.fixture(scope="module")
def voice() -> ToneVoice:
    return ToneVoice()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, voice: ToneVoice) -> EvaluationWorkspace:
    site = EvaluationWorkspace(tmp_path_factory.mktemp("site"))
    site.understand(voice)
    evaluate(
        site.workspace,
        params_for(site),
        transcriber=site.transcriber,
        encoder=site.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
        load_voice=lambda _: voice,
    )
    hear_takes(site, voice, takes=TAKES, heard=missed)
    return site


def missed(text: str, take: int) -> str:
    """Let the recogniser miss a word of every second take."""
    return text if take % 2 else text.partition(" ")[2]


def calibrated(
    site: EvaluationWorkspace,
    voice: ToneVoice,
    *,
    takes: int = TAKES,
    folder: Path | None = None,
    gate_changes: dict[str, object] | None = None,
) -> Calibration:
    changes = {"bootstrap_draws": 1000, **(gate_changes or {})}
    return calibrate(
        site.workspace,
        params_for(site, **changes),
        now=NOW,
        command="voxgate calibrate --takes 6",
        takes=takes,
        voice=folder,
        instruments=instruments_of(site),
        load_voice=lambda _: voice,
    )


def test_the_record_opens_the_gate_and_says_how_it_came_about(
    site: EvaluationWorkspace, voice: ToneVoice, tmp_path: Path
) -> None:
    record = calibrated(site, voice)
    champion = site.workspace.stage_dir("evaluate") / "evidence.json"
    verdict = gate(
        site.workspace, params_for(site), folder=tmp_path / "b", rivals={"champion": champion}
    )
    assert [reason.message for reason in verdict.reasons] == []
    assert verdict.ruling is Ruling.PASS
    written = read_json(calibration_path(site.workspace))
    assert calibration_from_json(written, where="c.json") == record
    assert record.runs == 1000
    assert 0.05 < record.wer_standard_error < 0.2
    assert 0 < record.similarity_standard_error < 0.01
    origin = dict(record.provenance)
    judged = origin.pop("judged")
    spread = origin.pop("relative_errors_of_standard_errors")
    assert all(0 <= share < 1 for share in spread.values())
    assert origin == {
        "checkpoint": "step-000200",
        "model_digest": read_json(champion)["model"]["digest"],
        "centroid_digest": read_json(champion)["centroid"]["digest"],
        "prompts": 3,
        "takes": TAKES,
        "takes_sha256": digest_file(takes_path(site.workspace)),
        "model_name": params_for(site).gate.model_name,
        "first_seed_index": FIRST_TAKE,
        "normaliser": {"name": "lower", "fingerprint": "8" * 64},
        "wer": pytest.approx(3 / 15 / 2),
        "similarity": pytest.approx(1.0, abs=0.2),
        "measured_at": "2026-11-25T18:00:00+00:00",
        "command": "voxgate calibrate --takes 6",
    }
    assert judged["runs"] == sum(judged["rulings"].values())
    takes = read_evidence(takes_path(site.workspace))
    assert takes.frame_digest == read_evidence(champion).frame_digest
    assert [row.seed_index for row in takes.rows[:TAKES]] == list(range(1000, 1000 + TAKES))
    assert all(row.transcript for row in takes.rows)


def test_takes_are_other_samples_than_any_evaluation_draws(
    site: EvaluationWorkspace, voice: ToneVoice
) -> None:
    evaluated = {item_seed(prompt_id(text), k) for text in PROMPTS["gate"] for k in range(3)}
    fresh = replace(voice, calls=[])
    site.workspace.cache_dir.rename(site.workspace.cache_dir.with_name("elsewhere"))
    try:
        calibrated(site, fresh)
    finally:
        site.workspace.cache_dir.with_name("elsewhere").rename(
            site.workspace.cache_dir.with_name("cache-of-before")
        )
    asked = {seed for _, seed in fresh.calls}
    assert len(fresh.calls) == TAKES * len(PROMPTS["gate"])
    assert asked.isdisjoint(evaluated)


def test_a_second_run_asks_nobody_again(site: EvaluationWorkspace, voice: ToneVoice) -> None:
    first = calibrated(site, voice)
    silent = replace(voice, refuses=set(PROMPTS["gate"]))
    assert calibrated(site, silent) == first


def test_a_voice_package_can_be_named(
    site: EvaluationWorkspace, voice: ToneVoice, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    write_json(folder / "voice.json", {"schema": 1, "consent_scope": "evaluation"})
    record = calibrated(site, voice, folder=folder)
    assert record.provenance["checkpoint"] == "other"


def refused(change: Callable[[EvaluationWorkspace], None], root: Path) -> EvaluationWorkspace:
    site = EvaluationWorkspace(root)
    site.understand(ToneVoice())
    hear_takes(site, ToneVoice(), takes=TAKES, heard=missed)
    change(site)
    return site


@pytest.mark.parametrize(
    ("change", "folder", "takes", "error", "message"),
    [
        (lambda _: None, None, 6, StageError, "names no chosen checkpoint; run `voxgate run`"),
        (lambda _: None, "step-000100", 5, GateError, "two disjoint sets of 3 .* at least 6"),
        (lambda _: None, "nowhere", 6, StageError, r"nowhere/voice\.json is missing"),
        (
            lambda site: site.transcriber.script.clear(),
            "step-000100",
            6,
            EvaluatorError,
            "no score counts: known_transcripts_wer",
        ),
        (
            lambda site: site.workspace.cache_dir.mkdir(parents=True),
            "step-000100",
            6,
            EvaluatorError,
            r"6 of 18 takes could not be measured; the first, .*: voice: VoiceError: told not",
        ),
    ],
)
def test_what_cannot_be_measured_leaves_no_record(
    change: Callable[[EvaluationWorkspace], None],
    folder: str | None,
    takes: int,
    error: type[Exception],
    message: str,
    tmp_path: Path,
) -> None:
    site = refused(change, tmp_path)
    packages = site.workspace.stage_dir("train") / "checkpoints"
    mute = ToneVoice(refuses={PROMPTS["gate"][0]} if "18 takes" in message else set())
    with pytest.raises(error, match=re.compile(message)):
        calibrated(site, mute, takes=takes, folder=None if folder is None else packages / folder)
    assert not calibration_path(site.workspace).exists()
