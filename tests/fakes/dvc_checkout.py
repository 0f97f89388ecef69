"""A small checkout with Git, DVC and two recordings."""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from dvc.repo import Repo

from tests.fakes.recordings import list_recording, make_tone, write_audio, write_data
from voxgate.strict_yaml import dump_yaml

__all__ = ["copy_checkout", "git", "make_checkout", "note_validation"]

_CONFIG = """[core]
    analytics = false
    check_update = false
    site_cache_dir = .voxgate/site
    remote = local
['remote "local"']
    url = ../.voxgate/dvc-remote
"""


def git(root: Path, *arguments: str) -> str:
    """Run git in `root`, as nobody in particular, and return what it says."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"]
    command = ["git", "-C", str(root), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@functools.cache
def _template() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="voxgate-checkout-", ignore_cleanup_errors=True)
    make_checkout(Path(folder.name) / "checkout")
    return folder


def copy_checkout(root: Path) -> Path:
    """Do what `make_checkout` does for an empty folder, faster: copy one that was made before."""
    shutil.copytree(Path(_template().name) / "checkout", root)
    return root


def make_checkout(root: Path) -> Path:
    """Fill `root` with two registered recordings, committed to Git; data is in DVC's cache."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet")
    Repo.init(str(root)).close()
    (root / ".dvc" / "config").write_text(_CONFIG, encoding="utf-8")
    (root / ".gitignore").write_text("/data\n/.voxgate/\n/build/\n", encoding="utf-8")
    recordings = [list_recording("one"), list_recording("two", text="Another tone.")]
    for number, recording in enumerate(recordings):
        write_audio(root / "data" / recording.path, make_tone(hz=300.0 + 100 * number))
    write_data(root, recordings, speakers=["tone"])
    with Repo(str(root)) as repo:
        repo.scm_context.quiet = True
        repo.add([str(root / "data")])
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Start")
    return root


def note_validation(
    root: Path, version: str, table: bytes, *, code: str = "0", locked: bool = True
) -> Path:
    """Leave what DVC would after `ingest` and `validate` of a data version; returns the last note.

    `locked` puts it into dvc.lock, else it is in the run cache. `code` stands for the stage's code.
    """
    md5 = hashlib.md5(table, usedforsecurity=False).hexdigest()
    kept = root / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(table)
    ingested = f"{code * 32}.dir"
    stages = {
        "ingest": _note("ingest", {"data": version, "a.py": code}, {"build/ingest": ingested}),
        "validate": _note(
            "validate",
            {"build/ingest": ingested, "b.py": code},
            {"build/validate/clips.parquet": md5},
        ),
    }
    if locked:
        path = root / "dvc.lock"
        path.write_text(dump_yaml({"schema": "2.0", "stages": stages}), encoding="utf-8")
        return path
    for stage, note in stages.items():
        path = root / ".dvc" / "cache" / "runs" / "ab" / f"{stage}-{code}" / md5
        path.parent.mkdir(parents=True)
        path.write_text(dump_yaml(note), encoding="utf-8")
    return path


def _note(stage: str, deps: dict[str, str], outs: dict[str, str]) -> dict[str, Any]:
    def rows(files: dict[str, str]) -> list[dict[str, str]]:
        return [{"path": path, "hash": "md5", "md5": md5} for path, md5 in files.items()]

    return {"cmd": f"python -m tasks {stage}", "deps": rows(deps), "outs": rows(outs)}
