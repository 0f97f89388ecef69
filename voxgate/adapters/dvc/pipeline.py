"""The stage graph as DVC sees it: what is stale, run one stage, name what all were given."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from voxgate.adapters.dvc.leftovers import mend_after_kill
from voxgate.adapters.dvc.repository import open_repository
from voxgate.errors import ConfigError, DataVersionError, StageError
from voxgate.files import digest_json
from voxgate.release.records import Recipe
from voxgate.stage import STAGES, Workspace
from voxgate.strict_yaml import read_yaml
from voxgate.tether import tethered

__all__ = ["data_used", "read_recipe", "reproduce", "stale_stages"]

_GRAPH = "dvc.yaml"
_MEASURING = "evaluate"
_MADE = "build/"


def stale_stages(root: Path) -> list[str]:
    """Return the stages that `dvc repro` would run, in order; asks DVC once.

    What a killed DVC has left is removed first. DVC is asked in this process and for the whole
    file: a process of its own takes a second, and so does a second look at dvc.yaml and dvc.lock.

    Raises:
        StageError: DVC cannot say.
    """
    mend_after_kill(root)
    try:
        with open_repository(root, "ask DVC what is stale") as repo:
            answer = repo.status(targets=[str(root.resolve() / _GRAPH)])
    except DataVersionError as error:
        raise StageError(str(error)) from error
    changed = {name.rpartition(":")[2] for name in answer}  # outside of root: `../dvc.yaml:train`
    return [stage for stage in STAGES if stage in changed]


def data_used(root: Path) -> str | None:
    """Return the data version in dvc.lock: what the stages ran on last, None before they did."""
    recorded = _recorded_stages(Workspace(root).graph_lock).get(STAGES[0]) or {}
    data = Workspace(root).data_dir.name
    found = (item["md5"] for item in recorded.get("deps", ()) if item["path"] == data)
    return next(found, None)


def reproduce(
    root: Path,
    stage: str,
    *,
    timeout_s: float,
    keep_open: tuple[int, ...] = (),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Run `dvc repro --single-item STAGE` with its output on stderr; return its status.

    The stage ends with this process. `keep_open` are file descriptors that it inherits (the
    lease: it stays held for the seconds in which a stage of a killed run comes to its end);
    `environment` is what its environment says beside or instead of this process's.

    Raises:
        TimeoutError: the stage took longer than `timeout_s`; nothing of it is left.
    """
    mend_after_kill(root)
    with tethered(
        [sys.executable, "-m", "dvc", "repro", "--quiet", "--single-item", stage],
        cwd=root,
        # Standard output belongs to the caller's answer (`--json`); progress goes beside it.
        stdout=sys.stderr,
        env={**_environment(), **environment},
        keep_open=keep_open,
    ) as process:
        try:
            return process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"stage {stage!r} took longer than {timeout_s:.0f} s") from None


def read_recipe(root: Path) -> Recipe:
    """Return the digests of what the stages were given: data, parameters, code, weights, prompts.

    They are taken from dvc.lock, which DVC writes after each stage, so it names what really ran.
    What a stage took from another and what came out is left out: it follows from the rest, and
    holds times and the last decimals of this machine.

    Raises:
        StageError: a stage has not run yet.
    """
    stages = _recorded_stages(Workspace(root).graph_lock)
    missing = [stage for stage in STAGES if stage not in stages]
    if missing:
        raise StageError(f"dvc.lock has no {', '.join(missing)}: run `dvc repro` first")
    given = {stage: _given(stages[stage]) for stage in STAGES}
    measurement = given.pop(_MEASURING)
    return Recipe(voice=digest_json(given), measurement=digest_json(measurement))


def _recorded_stages(lock: Path) -> dict[str, Any]:
    try:
        recorded = (read_yaml(lock) if lock.is_file() else None) or {}
    except ConfigError as error:
        raise StageError(f"{error}; remove the file, and `voxgate run` writes it anew") from None
    stages = recorded.get("stages") if isinstance(recorded, dict) else None
    return stages if isinstance(stages, dict) else {}


def _given(stage: dict[str, Any]) -> dict[str, Any]:
    """Return a stage's command, parameters, and every file that no stage has made."""
    return {
        "cmd": stage.get("cmd"),
        "deps": {
            item["path"]: item["md5"]
            for item in stage.get("deps", [])
            if not item["path"].startswith(_MADE)
        },
        "params": stage.get("params", {}),
    }


def _environment() -> dict[str, str]:
    # dvc.yaml calls `python`: it must be this one, also when its folder is not on the user's PATH.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1", "DO_NOT_TRACK": "1"}
