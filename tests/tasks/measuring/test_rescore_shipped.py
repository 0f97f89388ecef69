"""What is committed with figures is counted anew from what was heard, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.measuring.calibrate import calibrate
from tasks.measuring.rescore_shipped import rescore_shipped
from tasks.measuring.thresholds import calibration_path, read_calibration, takes_path
from tests.fakes.evaluation_workspace import EvaluationWorkspace, params_for
from tests.fakes.normaliser import LOWER
from tests.fakes.takes import hear_takes, instruments_of
from tests.fakes.voice import ToneVoice
from voxgate.errors import StageError
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.summary import summarise
from voxgate.files import read_json
from voxgate.params import Params
from voxgate.wiring.evaluators import NamedNormaliser

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NamedNormaliser(
    name="later", fingerprint="5" * 64, spell=lambda text: text.lower().replace("very", "")
)
GOLD = "base/mini/gold.json"
RECORD = "benchmark/calibration.json"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> EvaluationWorkspace:
    """Return a checkout that was evaluated, calibrated and shipped with gold by rules of before."""
    site, voice = EvaluationWorkspace(tmp_path_factory.mktemp("site")), ToneVoice()
    site.evaluate(voice)
    hear_takes(site, voice, takes=6, heard=lambda text, take: text if take % 2 else text[5:])
    calibrate(
        site.workspace, params_of(site), now=NOW, command="voxgate calibrate", takes=6,
        instruments=instruments_of(site), load_voice=lambda _: voice,
    )  # fmt: skip
    evidence_of(site).write(site.root / GOLD)
    return site


@pytest.fixture
def site(measured: EvaluationWorkspace, monkeypatch: pytest.MonkeyPatch) -> EvaluationWorkspace:
    """Return it as `evaluate` counts it today."""
    monkeypatch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: LATER)
    monkeypatch.setattr("voxgate.wiring.evaluators.published_normaliser", lambda *_: LOWER)
    protocol = {**evidence_of(measured).protocol, "normaliser": identity(LATER)}
    replace(evidence_of(measured), protocol=protocol).write(evidence_path(measured))
    return measured


def params_of(site: EvaluationWorkspace) -> Params:
    return params_for(site, bootstrap_draws=1000)


def evidence_path(site: EvaluationWorkspace) -> Path:
    return site.workspace.stage_dir("evaluate") / "evidence.json"


def evidence_of(site: EvaluationWorkspace) -> Evidence:
    return read_evidence(evidence_path(site))


def identity(normaliser: NamedNormaliser) -> dict[str, str]:
    return {"name": normaliser.name, "fingerprint": normaliser.fingerprint}


def rescored(site: EvaluationWorkspace) -> dict[str, str]:
    return rescore_shipped(site.workspace, params_of(site), now=NOW, command="voxgate rescore")


def test_gold_and_the_record_are_counted_by_todays_rules_once(site: EvaluationWorkspace) -> None:
    before = read_calibration(site.workspace)
    assert before is not None
    said = rescored(site)
    assert set(said) == {GOLD, RECORD}
    assert all(each.startswith("counted anew: WER") for each in said.values())

    today = evidence_of(site)
    for path in (site.root / GOLD, takes_path(site.workspace)):
        assert read_evidence(path).frame_digest == today.frame_digest
    record = read_calibration(site.workspace)
    assert record is not None
    assert record.protocol_digest == today.protocol_digest != before.protocol_digest
    assert record.provenance["normaliser"] == identity(LATER)
    assert record.provenance["command"] == "voxgate calibrate"
    assert record.provenance["rescored"] == {
        "command": "voxgate rescore", "measured_at": "2026-11-28T12:00:00+00:00",
    }  # fmt: skip
    takes = summarise(read_evidence(takes_path(site.workspace)).rows)
    assert record.provenance["wer"] == takes.wer

    files = [site.root / GOLD, takes_path(site.workspace), calibration_path(site.workspace)]
    content = [path.read_bytes() for path in files]
    assert set(rescored(site).values()) == {"unchanged: counted as today"}
    assert [path.read_bytes() for path in files] == content


def test_what_was_measured_otherwise_is_left_and_says_what_to_run(
    site: EvaluationWorkspace,
) -> None:
    gold = read_evidence(site.root / GOLD)
    replace(gold, centroid={"clips": 12, "digest": "0" * 64}).write(site.root / GOLD)
    kept = (site.root / GOLD).read_bytes()
    assert rescored(site)[GOLD] == (
        "left: more than the words has changed; `voxgate run` measures the base anew"
    )
    assert (site.root / GOLD).read_bytes() == kept


def test_a_record_without_takes_is_left_and_says_what_to_run(site: EvaluationWorkspace) -> None:
    record = read_json(calibration_path(site.workspace))
    takes_path(site.workspace).unlink()
    assert rescored(site)[RECORD] == (
        "left: there are no takes to count; `voxgate calibrate` measures it anew"
    )
    assert read_json(calibration_path(site.workspace)) == record


def test_without_an_evaluation_nothing_frames_the_figures(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    with pytest.raises(StageError, match="run `voxgate run` first"):
        rescored(site)
