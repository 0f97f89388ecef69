"""A small real DVC project whose stages are scripts that do as their plan says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from voxgate.stage import STAGES

__all__ = ["Project", "make_project"]

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
    """Fill `root` with registered data and five stages that accept; parameters that are there stay.

    The stages need `PYTHONPATH` to lead to this project.
    """
    made = Project(root)
    (root / "data").mkdir(parents=True)
    (root / "data" / "manifest.csv").write_text("recording_id,path\n")
    (root / "stage.py").write_text(STAGE_SCRIPT)
    if not (root / "params.yaml").exists():
        shutil.copy(ROOT / "params.yaml", root)
    stages = {}
    for number, stage in enumerate(STAGES):
        made.plan(stage)
        before = [f"build/{STAGES[number - 1]}/outcome.json"] if number else ["data"]
        stages[stage] = {
            "cmd": f"{sys.executable} stage.py {stage}",
            "deps": [f"plan-{stage}.json", *before],
            "outs": [f"build/{stage}/outcome.json"],
        }
    (root / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    made.dvc("init", "-q")
    made.dvc("add", "-q", "data")
    # A data version counts as registered when Git has it.
    for command in (["add", "data.dvc"], [*AUTHOR, "commit", "-qm", "data", "data.dvc"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return made
