"""A small checkout with Git, DVC and two recordings."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

from dvc.repo import Repo

from tests.fakes.recordings import list_recording, make_tone, write_audio, write_data

__all__ = ["copy_checkout", "git", "make_checkout"]

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
