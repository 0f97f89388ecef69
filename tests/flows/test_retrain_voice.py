import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows import retrain_voice as module
from flows.retrain_voice import retrain_voice
from flows.stage_timeouts import ALLOWANCES, Allowance
from tasks.release.judge import Judged
from tasks.retraining import RunResult
from tests.fakes.dvc_project import Project
from voxgate.errors import DataVersionError, ExternalServiceError, LockHeldError, StageError
from voxgate.lease import checkout_lease
from voxgate.release.records import Recipe
from voxgate.stage import STAGES
from voxgate.wiring.pipeline import reproduce

pytestmark = pytest.mark.usefixtures("prefect_api")

NOTE_DEVICE = """
import os, sys
names = ("CUDA_VISIBLE_DEVICES", "VOXGATE_DEVICE")
with open(f"sees-{sys.argv[1]}.txt", "w") as file:
    file.write(" ".join(str(os.environ.get(name)) for name in names))
"""


class Effects:
    """Stand in for MLflow, gate and ledger: remembers what the flow asked of them."""

    def __init__(self) -> None:
        self.registered: list[Recipe] = []
        self.failures: list[Exception] = []
        self.offered_to_policy: list[int] = []
        self.order: list[str] = []

    def register_gold(self, *_arguments: object) -> int:
        self.order.append("gold")
        return 1

    def register(self, _desk: object, _params: object, recipe: Recipe) -> int:
        if self.failures:
            raise self.failures.pop()
        self.registered.append(recipe)
        self.order.append("candidate")
        return 1

    def judge(self, *_arguments: object, tell: Callable[[str], None]) -> Judged:
        tell("look 2 of 3: 72 more prompts")
        self.order.append("verdict")
        return Judged("FAIL", "# FAIL")

    def approve_by_policy(self, _desk: object, version: int) -> None:
        self.offered_to_policy.append(version)


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Effects:
    made = Effects()
    monkeypatch.setattr(module, "register", made.register)
    monkeypatch.setattr(module, "register_gold", made.register_gold)
    monkeypatch.setattr(module, "judge_candidate", made.judge)
    monkeypatch.setattr(module, "approve_by_policy", made.approve_by_policy)
    for name in ("run_stage", "register_candidate", "gate_candidate", "release_by_policy"):
        monkeypatch.setattr(module, name, getattr(module, name).with_options(retry_delay_seconds=0))
    return made


def _run(project: Project) -> tuple[str, RunResult]:
    state = retrain_voice(project.root, return_state=True)
    return str(state.name), state.result()


def test_a_run_ends_at_its_verdict_and_the_next_one_computes_nothing(
    project: Project, effects: Effects
) -> None:
    name, result = _run(project)
    assert name == "Fail"
    assert result.recomputed == ("ingest", "validate", "featurize", "train", "evaluate")
    assert result.verdict == "FAIL"
    assert effects.offered_to_policy == [1]
    # gold first: the last version that a run enters is its candidate
    assert effects.order == ["gold", "candidate", "verdict"]
    again = _run(project)[1]
    assert again.recomputed == ()
    assert again.verdict == "FAIL"
    assert effects.registered[0] == effects.registered[1]
    assert [project.runs(stage) for stage in ("ingest", "evaluate")] == [1, 1]


@pytest.mark.slow
def test_a_run_from_nothing_comes_to_the_same_candidate(
    reproduced: Project, effects: Effects
) -> None:
    """As after `make clean`, or on a second machine; every output holds the time of its making."""
    assert _run(reproduced)[1].recomputed == ()
    for name in ("build", ".voxgate"):
        shutil.rmtree(reproduced.root / name)
    (reproduced.root / "dvc.lock").unlink()
    reproduced.dvc("gc", "-q", "--workspace", "--force")
    shutil.rmtree(reproduced.root / ".dvc" / "cache" / "runs", ignore_errors=True)
    assert len(_run(reproduced)[1].recomputed) == 5
    assert effects.registered[0] == effects.registered[1]


@pytest.mark.usefixtures("effects")
def test_what_was_decided_against_the_voice_is_in_the_message(
    reproduced: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Judged("PASS", "# PASS", ("this voice was rejected as version 3",))
    monkeypatch.setattr(module, "judge_candidate", lambda *_, **_named: said)
    state = retrain_voice(reproduced.root, return_state=True)
    assert str(state.message).endswith("; this voice was rejected as version 3")


def test_a_further_look_is_told_in_the_log_of_the_run(
    reproduced: Project, effects: Effects, caplog: pytest.LogCaptureFixture
) -> None:
    _run(reproduced)
    assert effects.order == ["gold", "candidate", "verdict"]
    assert "look 2 of 3: 72 more prompts" in caplog.text


def test_a_refusal_stops_before_training_and_stays_a_refusal(
    project: Project, effects: Effects
) -> None:
    project.plan("validate", refuse=True)
    for _ in range(2):
        name, result = _run(project)
        assert name == "Refused"
        assert result.refused_by == "validate"
    assert project.runs("validate") == 1
    assert project.runs("train") == 0
    assert effects.registered == []


def test_a_passing_fault_is_retried(reproduced: Project, effects: Effects) -> None:
    reproduced.plan("evaluate", fault="StorageError", times=2)  # it has run once
    name, result = _run(reproduced)
    assert (name, result.recomputed) == ("Fail", ("evaluate",))
    assert reproduced.runs("evaluate") == 3
    assert len(effects.registered) == 1


@pytest.mark.usefixtures("effects")
def test_a_lasting_fault_is_not_retried_and_keeps_its_message(project: Project) -> None:
    project.plan("ingest", fault="TextError")
    with pytest.raises(StageError, match="'ingest': TextError: made by the test"):
        _run(project)
    assert project.runs("ingest") == 1


def test_a_registry_that_is_away_is_waited_for(reproduced: Project, effects: Effects) -> None:
    effects.failures = [ExternalServiceError("away"), ExternalServiceError("away")]
    assert _run(reproduced)[1].version == 1


def test_a_registry_that_stays_away_stops_the_run_and_the_next_one_resumes(
    project: Project, effects: Effects
) -> None:
    effects.failures = [ExternalServiceError("away")] * 4
    with pytest.raises(ExternalServiceError):
        _run(project)
    assert _run(project)[1].recomputed == ()
    assert project.runs("train") == 1


def test_unregistered_changes_of_the_data_are_refused(project: Project, effects: Effects) -> None:
    (project.root / "data" / "new.wav").write_bytes(b"RIFF")
    before = (project.root / "data.dvc").read_text()
    with pytest.raises(DataVersionError, match=r"new\.wav"):
        _run(project)
    assert (project.root / "data.dvc").read_text() == before
    assert effects.registered == []


@pytest.mark.usefixtures("effects")
def test_a_second_run_in_the_same_checkout_is_told_who_holds_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "checkout_lease", partial(checkout_lease, wait_s=0.3))
    with (
        checkout_lease(project.root / ".voxgate" / "run.lock", purpose="first run"),
        pytest.raises(LockHeldError, match="first run"),
    ):
        _run(project)


def test_a_stage_that_takes_too_long_is_ended_and_not_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, effects: Effects
) -> None:
    (project.root / "stage.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setitem(ALLOWANCES, "ingest", Allowance(4.0, 1.0))
    tries: list[str] = []

    def count(root: Path, stage: str, **how: Any) -> int:
        tries.append(stage)
        return reproduce(root, stage, **how)

    monkeypatch.setattr("flows.stages.reproduce", count)
    said = r"'ingest' was ended after 4 s with 0 clips .*VOXGATE_WORKERS"
    with pytest.raises(StageError, match=said):
        _run(project)
    assert tries == ["ingest"]
    assert effects.registered == []


@pytest.mark.usefixtures("effects")
def test_a_training_is_told_which_device_it_holds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_TRAINING_DEVICES", "cuda:1")
    script = project.root / "stage.py"
    script.write_text(NOTE_DEVICE + script.read_text())
    monkeypatch.setenv("VOXGATE_DEVICE", "cpu")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    _run(project)
    seen = {stage: (project.root / f"sees-{stage}.txt").read_text() for stage in STAGES}
    assert seen == {**dict.fromkeys(STAGES, "None cpu"), "train": "1 cuda"}
