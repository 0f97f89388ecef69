"""What a killed DVC leaves, and the next one stumbles over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from voxgate.adapters.dvc.repository import open_repository
from voxgate.clock import utc_now
from voxgate.stage import Workspace

__all__ = ["mend_after_kill"]

# In a cache that checkouts share, what another DVC has only just begun to write is left alone.
SAVING_S = 5.0
# DVC 3: 16 random bytes of base64 between two dots, after the name of what is written, or alone.
_TEMPORARY = re.compile(r".*\.[\w-]{22}\.tmp")


def mend_after_kill(root: Path) -> None:
    """Remove what stops every later `dvc repro`, and files that DVC has not finished.

    DVC remembers runs in `runs/KEY[:2]/KEY/VALUE` of its cache, and makes the folder before the
    file. A folder without a whole file (DVC takes the newest name in it, whatever it is) makes it
    fail each time that the same stage is asked for. (A `rwlock` that is cut off is removed by
    whoever opens the repository.) Meanwhile DVC's own lock is held, so that no file is taken from
    one that works.

    Raises:
        DataVersionError: `root` is no DVC repository, or another DVC works in it.
    """
    with open_repository(root, "tidy up after a DVC that was killed") as repo, repo.lock:
        objects = Path(repo.cache.local.path)  # …/files/md5; beside `files` lies `runs`
        cache = objects.parents[1]
        age_s = 0.0 if cache.is_relative_to(root.resolve()) else SAVING_S
        for folder in cache.glob("runs/*/*"):
            _mend_run(folder, age_s)
        workspace = Workspace(root)
        _remove([*objects.glob("*.tmp"), *objects.glob("*/*.tmp")], age_s)
        _remove(workspace.data_dir.rglob("*.tmp"), 0.0)
        _remove(workspace.build_dir.rglob("*.tmp"), 0.0)


def _mend_run(folder: Path, age_s: float) -> None:
    """Drop files that are not named by a digest, as DVC's temporary ones, then an empty folder."""
    before_s = utc_now().timestamp() - age_s
    with suppress(OSError):  # another DVC works on it, so it is no leftover
        for path in folder.iterdir():
            if len(path.name) != len(folder.name) and path.stat().st_mtime <= before_s:
                path.unlink()
        if folder.stat().st_mtime <= before_s or age_s == 0:
            folder.rmdir()  # refused while there is a file


def _remove(found: list[Path] | Iterator[Path], age_s: float) -> None:
    before_s = utc_now().timestamp() - age_s
    for path in [path for path in found if _TEMPORARY.fullmatch(path.name)]:
        with suppress(OSError):  # gone meanwhile
            if age_s == 0 or path.stat().st_mtime <= before_s:
                path.unlink()
