"""A small real DVC project whose stages are scripts: the flow runs against DVC itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from voxgate.stage import STAGES

AUTHOR = ("-c", "user.name=t", "-c", "user.email=t@localhost")
ROOT = Path(__file__).resolve().parents[2]

STAGE_SCRIPT = """
import json, sys, time
from pathlib import Path
from tasks.fault_report import clear_fault, record_fault
from voxgate import errors
stage, root = sys.argv[1], Path()
clear_fault(root, stage)
plan = json.loads(Path(f"plan-{stage}.json").read_text())
runs = Path(f"runs-{stage}.txt")
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
if plan.get("fault") and len(runs.read_text()) <= plan.get("times", 99):
    record_fault(root, stage, getattr(errors, plan["fault"])("made by the test"))
    sys.exit(1)
reasons = [{"code": "few", "message": "3 clips left"}] if plan.get("refuse") else []
out = Path("build") / stage / "outcome.json"
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"schema": 1, "stage": stage, "reasons": reasons,
    "facts": {"at": time.time()}, "outcome": "refused" if reasons else "accepted"}))
"""


@dataclass(frozen=True)
class Project:
    """A checkout with five stages that do as their plan says."""

    root: Path

    def plan(self, stage: str, **plan: object) -> None:
        """Say what a stage does: refuse, or fail with an error class a number of times."""
        (self.root / f"plan-{stage}.json").write_text(json.dumps(plan))

    def runs(self, stage: str) -> int:
        """Count how often a stage ran."""
        path = self.root / f"runs-{stage}.txt"
        return len(path.read_text()) if path.exists() else 0

    def dvc(self, *arguments: str) -> None:
        """Run DVC in the project."""
        subprocess.run(
            [sys.executable, "-m", "dvc", *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
        )


def make_project(root: Path) -> Project:
    """Fill `root` with a registered project in which every stage accepts."""
    made = Project(root)
    (made.root / "data").mkdir(parents=True)
    (made.root / "data" / "manifest.csv").write_text("recording_id,path\n")
    (made.root / "stage.py").write_text(STAGE_SCRIPT)
    shutil.copy(ROOT / "params.yaml", made.root)
    stages = {}
    for number, stage in enumerate(STAGES):
        made.plan(stage)
        before = [f"build/{STAGES[number - 1]}/outcome.json"] if number else ["data"]
        stages[stage] = {
            "cmd": f"{sys.executable} stage.py {stage}",
            "deps": [f"plan-{stage}.json", *before],
            "outs": [f"build/{stage}/outcome.json"],
        }
    (made.root / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    subprocess.run(["git", "init", "-q"], cwd=made.root, check=True)
    made.dvc("init", "-q")
    made.dvc("add", "-q", "data")
    # A data version counts as registered when Git has it.
    for command in (["add", "data.dvc"], [*AUTHOR, "commit", "-qm", "data", "data.dvc"]):
        subprocess.run(["git", *command], cwd=made.root, check=True)
    return made


@pytest.fixture(scope="session")
def project_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project that others are copies of: DVC takes seconds to make one."""
    root = tmp_path_factory.mktemp("project") / "checkout"
    with pytest.MonkeyPatch.context() as patch:
        _set_environment(patch)
        return make_project(root).root


@pytest.fixture(scope="session")
def reproduced_tree(project_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of it whose stages have all run once."""
    made = Project(tmp_path_factory.mktemp("reproduced") / "checkout")
    shutil.copytree(project_tree, made.root)
    with pytest.MonkeyPatch.context() as patch:
        _set_environment(patch)
        made.dvc("repro", "-q")
    return made.root


@pytest.fixture
def project(tmp_path: Path, project_tree: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a registered project in which every stage accepts."""
    _set_environment(monkeypatch)
    shutil.copytree(project_tree, tmp_path / "checkout")
    return Project(tmp_path / "checkout")


@pytest.fixture
def reproduced(tmp_path: Path, reproduced_tree: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return such a project whose stages have all run once: what follows them is the subject."""
    _set_environment(monkeypatch)
    shutil.copytree(reproduced_tree, tmp_path / "checkout")
    return Project(tmp_path / "checkout")


@pytest.fixture
def impatient_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Prefect's client ask a server that is away again at once, and as often as ever."""
    import httpcore

    monkeypatch.setattr(httpcore.NetworkBackend, "sleep", lambda _backend, _seconds: None)


def _set_environment(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PYTHONPATH", str(ROOT))
    patch.setenv("DVC_NO_ANALYTICS", "1")


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[None]:
    """Serve flows from a temporary database of Prefect's own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
