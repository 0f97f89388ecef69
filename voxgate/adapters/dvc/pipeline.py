"""The stage graph as DVC sees it: what is stale, run one stage, name the candidate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from voxgate.adapters.dvc.leftovers import mend_after_kill
from voxgate.adapters.dvc.repository import explain
from voxgate.errors import StageError
from voxgate.files import digest_json
from voxgate.stage import STAGES, Workspace
from voxgate.tether import tethered

__all__ = ["candidate_digest", "reproduce", "stale_stages"]


def stale_stages(root: Path) -> list[str]:
    """Return the stages that `dvc repro` would run, in order; asks DVC once."""
    answer = _dvc(root, ["status", "--json", *STAGES])
    if answer.returncode != 0:
        raise StageError(f"`dvc status` failed: {explain(root, answer.stderr or answer.stdout)}")
    changed = json.loads(answer.stdout or "{}")
    return [stage for stage in STAGES if stage in changed]


def reproduce(root: Path, stage: str, *, timeout_s: float, keep_open: tuple[int, ...] = ()) -> int:
    """Run `dvc repro --single-item STAGE` with its output on stderr; return its status.

    The stage ends with this process. `keep_open` are file descriptors that it inherits (the
    lease: it stays held for the seconds in which a stage of a killed run comes to its end).

    Raises:
        TimeoutError: the stage took longer than `timeout_s`; nothing of it is left.
    """
    mend_after_kill(root)
    with tethered(
        [sys.executable, "-m", "dvc", "repro", "--quiet", "--single-item", stage],
        cwd=root,
        # Standard output belongs to the caller's answer (`--json`); progress goes beside it.
        stdout=sys.stderr,
        env=_environment(),
        keep_open=keep_open,
    ) as process:
        try:
            return process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"stage {stage!r} took longer than {timeout_s:.0f} s") from None


def candidate_digest(root: Path) -> str:
    """Return the digest of everything that the candidate was made from and of what came out.

    It is taken from dvc.lock: dependencies, parameters and outputs of every stage. DVC writes
    that file after each stage, so it names what really ran.

    Raises:
        StageError: a stage has not run yet.
    """
    path = Workspace(root).graph_lock
    recorded = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    stages = (recorded or {}).get("stages", {})
    missing = [stage for stage in STAGES if stage not in stages]
    if missing:
        raise StageError(f"dvc.lock has no {', '.join(missing)}: run `dvc repro` first")
    return digest_json({stage: _fingerprint(stages[stage]) for stage in STAGES})


def _fingerprint(stage: dict[str, Any]) -> dict[str, Any]:
    return {
        "deps": {item["path"]: item["md5"] for item in stage.get("deps", [])},
        "params": stage.get("params", {}),
        "outs": {item["path"]: item["md5"] for item in stage.get("outs", [])},
    }


def _dvc(root: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dvc", *arguments],
        cwd=root,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def _environment() -> dict[str, str]:
    # dvc.yaml calls `python`: it must be this one, also when its folder is not on the user's PATH.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1", "DO_NOT_TRACK": "1"}
