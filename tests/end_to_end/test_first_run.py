"""From real recordings to a verdict, through every real part."""

import base64
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.end_to_end.conftest import DIRT, GATE_PROMPTS, FinishedRun
from voxgate.files import read_json
from voxgate.stage import STAGES

pytestmark = [pytest.mark.slow, pytest.mark.assets]

GOLD, CANDIDATE = 1, 2
"""Versions of the first run: the unadapted base, and what came of it."""

SPEAK = """
import sys, mlflow, pandas as pd
mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/voice-en@champion")
first = model.predict(pd.DataFrame({"text": ["The line is open."], "seed": [7]}))
again = model.predict(pd.DataFrame({"text": ["The line is open."], "seed": [7]}))
assert first["audio_wav"][0][:4] == b"RIFF" and len(first["audio_wav"][0]) > 8000
assert first["audio_wav"][0] == again["audio_wav"][0]
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"whisper", "speechbrain", "prefect"}, loaded
print("spoke", round(first["duration_s"][0], 2))
"""


def _build(finished: FinishedRun, stage: str) -> Path:
    return finished.checkout.root / "build" / stage


def test_every_stage_ran_and_accepted(finished: FinishedRun) -> None:
    assert tuple(finished.answer["run"]["recomputed"]) == STAGES
    outcomes = [read_json(_build(finished, stage) / "outcome.json") for stage in STAGES]
    assert [outcome["outcome"] for outcome in outcomes] == ["accepted"] * len(STAGES)


def test_every_recording_of_the_manifest_has_one_row_and_one_status(finished: FinishedRun) -> None:
    manifest = pd.read_csv(finished.checkout.root / "data" / "manifest.csv")
    clips = pd.read_parquet(_build(finished, "validate") / "clips.parquet")
    assert sorted(clips["recording_id"]) == sorted(manifest["recording_id"])
    assert set(clips["status"]) <= {"accepted", "fixed", "quarantined"}
    quarantined = clips[clips["status"] == "quarantined"]
    assert (quarantined["reasons"].map(len) > 0).all()


def test_the_dirt_of_the_corpus_is_quarantined(finished: FinishedRun) -> None:
    clips = pd.read_parquet(_build(finished, "validate") / "clips.parquet")
    dirt = clips[clips["recording_id"].str.endswith(DIRT)]
    assert len(dirt) == len(DIRT)
    assert set(dirt["status"]) == {"quarantined"}


def test_a_comparison_with_gold_that_was_not_calibrated_is_a_hold(finished: FinishedRun) -> None:
    assert finished.answer["run"]["verdict"] == "HOLD"
    assert finished.answer["live"] is None
    assert finished.answer["candidate"]["approval"] == "not offered"
    assert any("voxgate calibrate" in why for why in finished.answer["candidate"]["reasons"])


def test_the_unadapted_base_is_gold_and_was_measured_on_the_same_prompts(
    finished: FinishedRun,
) -> None:
    bundle = finished.checkout.root / finished.answer["candidate"]["bundle"]
    gold, challenger = read_json(bundle / "gold.json"), read_json(bundle / "challenger.json")
    assert gold["model"]["checkpoint"] == "unadapted"
    assert gold["evaluated_items"] == challenger["evaluated_items"] == GATE_PROMPTS
    assert gold["centroid"] == challenger["centroid"]
    (named,) = [e for e in finished.checkout.json("audit", "log") if e["kind"] == "gold_named"]
    assert named["version"] == GOLD


def test_the_bars_are_shown_without_a_verdict(finished: FinishedRun) -> None:
    shown = finished.checkout.voxgate("evaluate", "--report").stdout
    assert f"{GATE_PROMPTS} gate prompts x 1 seeds, {GATE_PROMPTS} samples" in shown
    assert "| wer_floor | 25.0 % |" in shown
    assert finished.checkout.voxgate("evaluate").stdout == shown  # nothing was stale


def test_the_consent_scope_of_the_corpus_travels_to_the_version(finished: FinishedRun) -> None:
    assert finished.answer["candidate"]["consent_scope"] == "evaluation"


def test_every_planned_sample_was_measured(finished: FinishedRun) -> None:
    evidence = read_json(_build(finished, "evaluate") / "evidence.json")
    assert evidence["expected_items"] == GATE_PROMPTS
    assert evidence["evaluated_items"] == GATE_PROMPTS
    assert evidence["self_test"]["passed"] is True


def test_the_bundle_gives_the_same_verdict_anywhere(finished: FinishedRun, tmp_path: Path) -> None:
    bundle = finished.checkout.root / finished.answer["candidate"]["bundle"]
    answer = finished.checkout.voxgate("verify", str(bundle), LC_ALL="C", PYTHONHASHSEED="3")
    assert "HOLD" in answer.stdout
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for file in bundle.iterdir():
        (moved / file.name).write_bytes(file.read_bytes())
    finished.checkout.voxgate("verify", str(moved))


def test_an_altered_bundle_is_refused(finished: FinishedRun, tmp_path: Path) -> None:
    bundle = finished.checkout.root / finished.answer["candidate"]["bundle"]
    for file in bundle.iterdir():
        data = file.read_bytes()
        if file.name == "challenger.json":
            data = data.replace(b'"word_errors":', b'"word_errors":0', 1)
        (tmp_path / file.name).write_bytes(data)
    answer = finished.checkout.voxgate("verify", str(tmp_path), status=1)
    assert "NOT VERIFIED" in answer.stdout
    assert "challenger.json" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_a_second_run_computes_nothing_and_says_so(finished: FinishedRun) -> None:
    answer = finished.checkout.voxgate("run")
    assert "nothing: nothing has changed" in answer.stdout
    assert "HOLD" in answer.stdout
    for command in ("voxgate ui", "voxgate verify", "voxgate status"):
        assert command in answer.stdout


def test_status_answers_without_running_anything(finished: FinishedRun) -> None:
    status = finished.checkout.json("status")
    assert status["candidate"] == finished.answer["candidate"]
    assert status["data_version"] == finished.answer["data_version"]
    assert len(status["checkpoints"]) == 2


def test_doctor_finds_nothing_wrong(finished: FinishedRun) -> None:
    findings = finished.checkout.json("doctor")
    assert [finding["name"] for finding in findings if not finding["healthy"]] == []


def test_the_candidate_is_in_the_ledger_with_its_evidence(finished: FinishedRun) -> None:
    kinds = [event["kind"] for event in finished.checkout.json("audit", "log")]
    decisions = [kind for kind in kinds if kind != "measured"]  # a seal comes with each evidence
    assert decisions[:4] == ["registered", "gold_named", "registered", "judged"]
    verified = finished.checkout.json("audit", "verify")
    assert verified["findings"] == []
    assert verified["compared_with"] == ["this checkout's head", "the registry's head"]
    refused = finished.checkout.voxgate(
        "approve", str(CANDIDATE), "--by", "anna", "--reason", "why not", status=1
    )
    assert f"ApprovalNeededError: the verdict on version {CANDIDATE} is HOLD" in refused.stderr


def test_dvc_alone_finds_the_candidate_up_to_date(finished: FinishedRun) -> None:
    answer = finished.checkout.run(sys.executable, "-m", "dvc", "repro")
    assert "Data and pipelines are up to date" in answer.stdout + answer.stderr


def test_the_champion_speaks_from_a_clean_process_without_the_evaluators(
    finished: FinishedRun,
) -> None:
    """Released as a release engineer would: an override of the HOLD, for evaluation only."""
    from voxgate.adapters.mlflow.store import connect
    from voxgate.settings import Settings

    decision = ("--by", "anna", "--reason", "to hear it", "--override", "--until", "2999-01-01")
    released = finished.checkout.json("approve", str(CANDIDATE), *decision)
    assert (released["state"], released["live"]) == ("live", CANDIDATE)
    assert finished.checkout.json("registry", "check") == []
    live = finished.checkout.json("status")["live"]
    assert (live["decided_by"], live["release_scope"]) == ("anna", "evaluation")
    uri = connect(Settings(), finished.checkout.root).tracking_uri
    answer = finished.checkout.run(sys.executable, "-c", SPEAK, uri)
    assert answer.stdout.startswith("spoke")


def test_the_registered_model_carries_what_it_was_made_from(
    finished: FinishedRun, tmp_path: Path
) -> None:
    import mlflow

    from voxgate.adapters.mlflow.store import connect
    from voxgate.settings import Settings

    connect(Settings(), finished.checkout.root)
    uri = f"models:/voice-en/{CANDIDATE}"
    local = Path(mlflow.artifacts.download_artifacts(uri, dst_path=str(tmp_path)))
    stored = {path.name for path in (local / "artifacts").rglob("*")}
    assert {"data.dvc", "dvc.lock", "dvc.yaml", "params.yaml", "voice.json"} <= stored


def test_pictures_and_sound_are_in_the_ui(finished: FinishedRun, tmp_path: Path) -> None:
    from voxgate.adapters.mlflow.store import connect
    from voxgate.settings import Settings

    store = connect(Settings(), finished.checkout.root)
    (run,) = store.client.search_runs([store.experiment_id], "attributes.run_name = 'evaluate'")
    local = Path(store.client.download_artifacts(run.info.run_id, "", str(tmp_path)))
    page = (local / "listening_room.html").read_text(encoding="utf-8")
    first = page.partition("data:audio/flac;base64,")[2].partition('"')[0]
    assert base64.b64decode(first)[:4] == b"fLaC"
    assert len(list((local / "audio").glob("*.flac"))) == GATE_PROMPTS
    assert json.loads((local / "prompts.json").read_text())["columns"][0] == "prompt_id"


# The run has a minute of speech: what such data can and cannot show.


def _bundle(finished: FinishedRun) -> Path:
    return finished.checkout.root / str(finished.answer["candidate"]["bundle"])


def _facts(finished: FinishedRun, stage: str) -> dict[str, Any]:
    path = finished.checkout.root / "build" / stage / "outcome.json"
    return dict(read_json(path)["facts"])


def test_a_minute_of_speech_ends_in_a_verdict(finished: FinishedRun) -> None:
    size = finished.answer["size"]
    assert size["name"] == "minute"
    assert size["clips"] == _facts(finished, "featurize")["clips"]
    assert 60 <= size["seconds"] <= 80
    assert finished.answer["refusals"] == []
    assert finished.answer["run"]["verdict"] in {"PASS", "FAIL", "INCONCLUSIVE", "HOLD"}
    evidence = read_json(_bundle(finished) / "challenger.json")
    assert evidence["evaluated_items"] == evidence["expected_items"], "measured, not refused"


def test_its_speaker_is_known_by_windows_of_speech_that_nothing_was_trained_on(
    finished: FinishedRun,
) -> None:
    centroid = read_json(_bundle(finished) / "challenger.json")["centroid"]
    assert centroid["clips"] < 5 <= centroid["windows"]
    held_out = _facts(finished, "featurize")["centroid"]
    assert centroid["clips"] == held_out


def test_it_is_trained_for_its_share_of_the_steps(finished: FinishedRun) -> None:
    facts = _facts(finished, "train")
    share = facts["size"]["budget"]
    assert facts["steps"] == {"s1": round(share * 20), "s2": round(share * 20)}


def test_report_and_summary_say_what_such_data_can_show(finished: FinishedRun) -> None:
    report = (_bundle(finished) / "report.md").read_text(encoding="utf-8")
    clips = finished.answer["size"]["clips"]
    assert f"**small data**: minute, {clips} clips" in report
    assert "the speaker is known by" in report
    assert "`similarity_floor_by_windows`" in report
    shown = finished.checkout.voxgate("status").stdout
    assert f"size          minute: {clips} clips of one voice" in shown
    assert "docs/small_data.md" in shown
