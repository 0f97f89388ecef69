"""Where nothing is new the verdict stands without the flow; where anything is, the flow runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.heartbeat import read_heartbeat
from tasks.release import unchanged as module
from tasks.release.unchanged import unchanged_result
from tasks.retraining import DEPLOYMENT, RunResult
from tests.fakes.channel import FakeChannel
from tests.fakes.dvc_project import AUTHOR, ROOT, Project
from tests.fakes.judged_site import make_judged_site
from tests.fakes.memory import memory_folder
from voxgate.errors import ExternalServiceError, LockHeldError
from voxgate.files import read_json, write_json
from voxgate.lease import checkout_lease
from voxgate.stage import Workspace
from voxgate.strict_yaml import dump_yaml, read_yaml
from voxgate.wiring.checkout import Checkout

pytestmark = pytest.mark.slow

STANDS = RunResult(recomputed=(), version=1, verdict="PASS")


@pytest.fixture(scope="module")
def judged(mlflow_uri: str) -> Iterator[Path]:
    """Yield a checkout in which a retraining has ended."""
    with memory_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield make_judged_site(folder / "checkout", mlflow_uri).root


@pytest.fixture
def root(judged: Path, tmp_path: Path, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it; tests append nothing to its ledger, which the registry follows."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", mlflow_uri)
    return Path(shutil.copytree(judged, tmp_path / "checkout", symlinks=True))


def _ask(root: Path) -> RunResult | None:
    return unchanged_result(Checkout.open(root))


def test_the_verdict_stands_and_the_run_leaves_what_the_flow_leaves(root: Path) -> None:
    workspace = Workspace(root)
    left = workspace.build_dir / ".validate.voxgate-00000000.tmp"
    left.mkdir()
    assert read_heartbeat(root, DEPLOYMENT) is None
    assert _ask(root) == STANDS
    assert read_heartbeat(root, DEPLOYMENT) is not None
    assert not left.exists()
    for lock in (workspace.run_lock, workspace.data_lock):
        assert json.loads(lock.read_text())["purpose"] == "retrain-voice"


def test_the_first_run_in_a_checkout_makes_a_folder_that_nobody_else_enters(root: Path) -> None:
    state = Workspace(root).state_dir
    shutil.rmtree(state)
    assert _ask(root) is None
    assert state.stat().st_mode & 0o077 == 0


def test_files_that_dvc_knows_are_not_read_again(root: Path) -> None:
    """Of 100,000 recordings none is hashed: inode, time and size are what they were."""
    assert _ask(root) == STANDS
    manifest = Workspace(root).manifest
    before = manifest.stat()
    manifest.write_bytes(manifest.read_bytes()[::-1])
    os.utime(manifest, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert _ask(root) == STANDS
    os.utime(manifest)
    assert _ask(root) is None


def test_a_second_run_is_told_who_holds_the_checkout(root: Path) -> None:
    with (
        checkout_lease(Workspace(root).run_lock, purpose="first run"),
        pytest.raises(LockHeldError, match="first run"),
    ):
        _ask(root)


def test_a_refusal_stays_a_refusal(root: Path) -> None:
    project = Project(root)
    project.plan("validate", refuse=True)
    assert _ask(root) is None
    project.dvc("repro", "-q")
    assert _ask(root) == RunResult(recomputed=(), refused_by="validate")
    assert read_heartbeat(root, DEPLOYMENT) is not None


def _add_a_file(root: Path) -> None:
    (root / "data" / "new.wav").write_bytes(b"RIFF")


def _change_a_file(root: Path) -> None:
    (root / "data" / "manifest.csv").write_text("recording_id,path\nx,y\n")


def _name_an_unknown_version(root: Path) -> None:
    """As `dvc repro` does by itself where data/ was changed."""
    _change_a_file(root)
    Project(root).dvc("repro", "-q")
    Project(root).dvc("commit", "-q", "-f", "data.dvc")


def _name_a_version_that_is_not_here(root: Path) -> None:
    text = (root / "data.dvc").read_text()
    known = read_yaml(root / "data.dvc")["outs"][0]["md5"]
    (root / "data.dvc").write_text(text.replace(known, f"{'0' * 32}.dir"))
    command = ["git", *AUTHOR, "commit", "-qm", "another", "data.dvc"]
    subprocess.run(command, cwd=root, check=True)


def _change_a_stage(root: Path) -> None:
    Project(root).plan("featurize", other=1)


def _lose_an_output(root: Path) -> None:
    (Workspace(root).stage_dir("train") / "outcome.json").unlink()


def _lose_the_lock_file(root: Path) -> None:
    (root / "dvc.lock").unlink()


def _measure_again(root: Path) -> None:
    path = Workspace(root).stage_dir("evaluate") / "evidence.json"
    write_json(path, {**read_json(path), "ceiling": {"similarities": [0.9000001]}})


def _name_a_base(root: Path) -> None:
    params = read_yaml(root / "params.yaml")
    params["train"]["base"] = read_yaml(ROOT / "params.yaml")["train"]["base"]
    (root / "params.yaml").write_text(dump_yaml(params))


def _change_a_threshold(root: Path) -> None:
    params = read_yaml(root / "params.yaml")
    params["gate"]["wer_margin"] /= 2
    (root / "params.yaml").write_text(dump_yaml(params))


def _lose_the_bundles(root: Path) -> None:
    shutil.rmtree(Workspace(root).bundles_dir)


def _lose_the_ledger(root: Path) -> None:
    Workspace(root).ledger_file.unlink()


def _remember_a_later_event(root: Path) -> None:
    """As where the ledger's tail was cut off."""
    (noted,) = Workspace(root).ledger_heads_dir.glob("local.txt")
    noted.write_text(f"99:{'a' * 64}\n")


@pytest.mark.parametrize(
    "change",
    [
        _add_a_file,
        _change_a_file,
        _name_an_unknown_version,
        _name_a_version_that_is_not_here,
        _change_a_stage,
        _lose_an_output,
        _lose_the_lock_file,
        _measure_again,
        _name_a_base,
        _change_a_threshold,
        _lose_the_bundles,
        _lose_the_ledger,
        _remember_a_later_event,
    ],
)
def test_the_flow_runs_where_anything_is_other_than_it_was(
    root: Path, change: Callable[[Path], None]
) -> None:
    change(root)
    assert _ask(root) is None
    assert read_heartbeat(root, DEPLOYMENT) is None


def test_a_name_that_cannot_retrain_is_the_flows_to_refuse(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_ACTOR", "policy:auto")
    assert _ask(root) is None


def test_a_run_that_the_registry_lost_is_written_again_by_the_flow(root: Path) -> None:
    checkout = Checkout.open(root)
    release = checkout.desk.ledger.read(checkout.desk.model).require(1)
    client = checkout.desk.connect().client  # type: ignore[attr-defined]  # MLflow's
    client.delete_run(release.parent_run_id)
    try:
        assert unchanged_result(checkout) is None
    finally:
        client.restore_run(release.parent_run_id)
    assert unchanged_result(checkout) == STANDS


def test_a_registry_that_is_away_is_the_flows_to_wait_for(root: Path) -> None:
    def away() -> None:
        raise ExternalServiceError("away")

    checkout = Checkout.open(root)
    vars(checkout)["desk"] = replace(checkout.desk, connect=away)
    assert unchanged_result(checkout) is None


def test_what_the_policy_would_release_is_the_flows_to_release(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "allows_release", lambda _desk, version: version == 1)
    assert _ask(root) is None


def test_people_are_told_what_they_were_not_told_yet(root: Path) -> None:
    checkout, channel = Checkout.open(root), FakeChannel()
    vars(checkout)["desk"] = replace(checkout.desk, channels=(channel,))
    assert unchanged_result(checkout) == STANDS
    (told,) = channel.sent
    assert told.startswith("event-")
