import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.stages.train import train
from tests.fakes.tiny_preset import install_tiny_preset
from tests.fakes.training_set import write_training_set
from voxgate.errors import RefusalError, TrainingError, WeightsError
from voxgate.files import read_json
from voxgate.speaking import load_voice
from voxgate.stage import Outcome, read_outcome
from voxgate.training.fit.resume import ResumeStore
from voxgate.training.fit.work_folder import folder_contents


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    install_tiny_preset(monkeypatch)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One uninterrupted run that several tests look at."""
    root = tmp_path_factory.mktemp("uninterrupted")
    with pytest.MonkeyPatch.context() as patch:
        install_tiny_preset(patch)
        workspace, params = write_training_set(root)
        outcome = train(workspace, params)
    return workspace, outcome


def contents(folder: Path) -> dict[str, str]:
    return {name: sha for name, sha in folder_contents(folder).items() if name != "timings.json"}


def test_a_run_leaves_evenly_spaced_voices_curves_and_an_accepted_outcome(trained):
    workspace, outcome = trained
    folder = workspace.stage_dir("train")

    assert outcome.accepted
    assert read_outcome(folder) == outcome
    assert [p.name for p in sorted((folder / "checkpoints").iterdir())] == [
        "step-000003",
        "step-000006",
    ]
    cards = [read_json(p / "voice.json") for p in sorted((folder / "checkpoints").iterdir())]
    assert [card["steps"] for card in cards] == [{"s1": 2, "s2": 3}, {"s1": 4, "s2": 6}]
    assert {card["consent_scope"] for card in cards} == {"evaluation"}
    assert not any(card["generation"]["prompted"] for card in cards)
    header, *rows = (folder / "history.csv").read_text().splitlines()
    assert header.startswith("model,step,split,loss,")
    assert [tuple(row.split(",")[:3]) for row in rows] == [
        ("s1", "2", "train"),
        ("s1", "2", "validation"),
        ("s1", "4", "train"),
        ("s1", "4", "validation"),
        ("s2", "3", "train"),
        ("s2", "3", "validation"),
        ("s2", "6", "train"),
        ("s2", "6", "validation"),
    ]
    assert read_json(folder / "train.json")["s2"]["steps"] == 6


def test_checkpoints_of_a_run_differ(trained):
    workspace, _ = trained
    first, last = sorted((workspace.stage_dir("train") / "checkpoints").iterdir())

    for name in ("s1.safetensors", "s2.safetensors"):
        assert (first / name).read_bytes() != (last / name).read_bytes()


def test_published_training_leaves_no_work_behind(trained):
    workspace, _ = trained

    assert list(workspace.work_dir.glob("*")) == []


def test_two_runs_write_the_same_bytes(trained, tmp_path):
    workspace, params = write_training_set(tmp_path)
    train(workspace, params)

    assert contents(workspace.stage_dir("train")) == contents(trained[0].stage_dir("train"))


_SLOWED_RUN = """
import sys, time
from pathlib import Path
import pytest
from tests.fakes.tiny_preset import install_tiny_preset
from tests.fakes.training_set import write_training_set
from voxgate.training.fit.learner import NetworkLearner
from tasks.stages.train import train

install_tiny_preset(pytest.MonkeyPatch())
workspace, params = write_training_set(Path(sys.argv[1]))
update = NetworkLearner.update
def slow_update(self, *arguments, **options):
    time.sleep(0.2)
    return update(self, *arguments, **options)
NetworkLearner.update = slow_update
train(workspace, params)
"""


def run_and_kill(root: Path, waited_for: str) -> None:
    """Start training and send SIGKILL as soon as a path that matches exists."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOWED_RUN, str(root)],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": "."},
    )
    deadline = time.monotonic() + 120
    while not list(root.glob(waited_for)):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("killed_at", ["s2/points/000004", "s1/points/000002"])
def test_a_killed_run_ends_with_the_same_bytes(trained, tmp_path, killed_at):
    run_and_kill(tmp_path, f".voxgate/work/train-*/{killed_at}")
    workspace, params = write_training_set(tmp_path)
    assert not workspace.stage_dir("train").exists()

    outcome = train(workspace, params)

    assert outcome.accepted
    assert contents(workspace.stage_dir("train")) == contents(trained[0].stage_dir("train"))


def crash_after(workspace, params, *, point: str) -> None:
    """Let training fail in this process as soon as a resume point was saved."""

    class CrashError(Exception):
        pass

    save = ResumeStore.save_point

    def save_and_crash(self, what):
        save(self, what)
        if list(workspace.work_dir.glob(f"train-*/{point}")):
            raise CrashError

    with pytest.MonkeyPatch.context() as patch, pytest.raises(CrashError):
        patch.setattr(ResumeStore, "save_point", save_and_crash)
        train(workspace, params)


def test_a_damaged_resume_point_costs_time_and_changes_nothing(trained, tmp_path):
    workspace, params = write_training_set(tmp_path)
    crash_after(workspace, params, point="s1/points/000002")
    (point,) = workspace.work_dir.glob("train-*/s1/points/000002/state.safetensors")
    point.write_bytes(point.read_bytes()[:-100])

    train(workspace, params)

    assert contents(workspace.stage_dir("train")) == contents(trained[0].stage_dir("train"))


def test_work_of_other_parameters_is_not_continued(tmp_path):
    workspace, params = write_training_set(tmp_path / "changed")
    crash_after(workspace, params, point="s2/points/000004")
    workspace, params = write_training_set(tmp_path / "changed", seed=7)
    train(workspace, params)
    fresh, same = write_training_set(tmp_path / "fresh", seed=7)
    train(fresh, same)

    assert contents(workspace.stage_dir("train")) == contents(fresh.stage_dir("train"))


def test_too_few_clips_are_refused_with_the_numbers(tmp_path):
    workspace, params = write_training_set(tmp_path, n_clips=3)

    outcome = train(workspace, params)

    assert not outcome.accepted
    assert outcome.reasons[0].code == "too_few_clips"
    assert "expected at least 4 clips" in outcome.reasons[0].message
    assert "got 3" in outcome.reasons[0].message
    assert outcome.facts == {"train_clips": 1, "validation_clips": 2}
    left = sorted(p.name for p in workspace.stage_dir("train").iterdir())
    assert left == ["checkpoints", "history.csv", "outcome.json", "train.json"]
    assert list((workspace.stage_dir("train") / "checkpoints").iterdir()) == []


def test_a_refusal_of_an_earlier_stage_stops_training(tmp_path):
    workspace, params = write_training_set(tmp_path)
    Outcome(stage="featurize", accepted=False).write(workspace.stage_dir("featurize"))

    with pytest.raises(RefusalError, match="featurize"):
        train(workspace, params)


def test_a_base_that_is_named_and_absent_is_an_error(tmp_path):
    base = {"folder": "mini", "s1_sha256": "a" * 64, "s2_sha256": "b" * 64}
    workspace, params = write_training_set(tmp_path, base=base)

    with pytest.raises(WeightsError, match=r"s1\.safetensors is missing, but train\.base"):
        train(workspace, params)


def test_an_unknown_preset_names_those_there_are(tmp_path):
    workspace, params = write_training_set(tmp_path, preset="nano")

    with pytest.raises(TrainingError, match=r"train\.preset .*'nano'.*mini"):
        train(workspace, params)


FLOW = {
    "preset": "tiny-flow",
    "synthesizer": {
        "steps": 4,
        "batch_size": 3,
        "schedule": "epoch-exponential",
        "max_gradient_norm": None,
        "accumulation": 2,
    },
    "text_to_semantic": {
        "steps": 4,
        "optimizer": "scaled-adam",
        "preference_weight": 0.1,
        "precision": "bfloat16",
    },
}


def test_a_preset_with_a_flow_is_trained_and_a_stopped_run_ends_with_the_same_bytes(tmp_path):
    whole, params = write_training_set(tmp_path / "whole", **FLOW)
    outcome = train(whole, params)
    stopped, params = write_training_set(tmp_path / "stopped", **FLOW)
    crash_after(stopped, params, point="s2/points/000002")
    crash_after(stopped, params, point="s1/points/000002")
    train(stopped, params)

    assert outcome.accepted
    assert contents(stopped.stage_dir("train")) == contents(whole.stage_dir("train"))
    header = (whole.stage_dir("train") / "history.csv").read_text().splitlines()[0].split(",")
    assert {"adversarial", "discriminator", "features", "kl", "mel", "preference"} <= set(header)
    voice = load_voice(whole.stage_dir("train") / "checkpoints" / "step-000004")
    assert voice.preset.name == "tiny-flow"
    # what the public checkpoints are asked with
    assert (voice.card.generation.noise_scale, voice.card.generation.repetition_penalty) == (
        0.5,
        1.35,
    )


def test_more_checkpoints_than_steps_is_an_error(tmp_path):
    workspace, params = write_training_set(tmp_path, checkpoints=5)

    with pytest.raises(TrainingError, match="cannot be divided so often"):
        train(workspace, params)
