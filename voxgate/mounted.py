"""New content in a folder that cannot be renamed, because a file system is mounted there.

The new content is built in a hidden folder inside. One rename says that it is complete: from then
on it is moved into place entry by entry, and whoever comes after a kill goes on with that. Until it
is done a reader may see a mixture; the old entries are removed last.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["finish_content", "is_mounted", "move_content"]

_READY = ".voxgate-ready"
_OLD = ".voxgate-old"
_KEPT = {"lost+found"}
"""What belongs to the file system."""


def is_mounted(path: Path) -> bool:
    """Say whether something is mounted at `path`; a bind mount of the same disk counts as well."""
    if os.path.ismount(path):
        return True
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    # Its fifth field, in which blanks and backslashes are octal.
    points = {line.split()[4].encode().decode("unicode_escape") for line in lines}
    return str(path) in points


def move_content(new: Path, folder: Path) -> None:
    """Let `folder` hold what its subfolder `new` holds, and nothing else."""
    new.rename(folder / _READY)
    (folder / _OLD).mkdir()
    finish_content(folder)


def finish_content(folder: Path) -> None:
    """Go on with a `move_content` that was interrupted; without one this changes nothing."""
    ready, old = folder / _READY, folder / _OLD
    if ready.is_dir():
        old.mkdir(exist_ok=True)
        done = ready / ".cleared"
        if not done.exists():
            for entry in folder.iterdir():
                if entry.name not in _KEPT and not entry.match(".*voxgate-*"):
                    entry.rename(old / entry.name)
            done.touch()
        for entry in ready.iterdir():
            if entry != done:
                entry.rename(folder / entry.name)
        ready.rename(old / _READY)  # with its mark in one step, or the new would be cleared
    if old.is_dir():
        shutil.rmtree(old)
