"""What a killed DVC leaves, and the next one stumbles over."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from voxgate.adapters.dvc.data import cache_dir
from voxgate.clock import utc_now

__all__ = ["mend_after_kill"]

# In a cache that checkouts share, what another DVC has only just begun to write is left alone.
SAVING_S = 5.0


def mend_after_kill(root: Path) -> None:
    """Remove what stops every later `dvc repro`; call it while no DVC runs in this checkout.

    DVC remembers runs in `runs/KEY[:2]/KEY/VALUE` of its cache, and makes the folder before the
    file. A folder without a whole file (DVC takes the newest name in it, whatever it is) makes it
    fail each time that the same stage is asked for. A `rwlock` that is cut off cannot be read.

    Raises:
        DataVersionError: `root` is no DVC repository.
    """
    cache = cache_dir(root).parents[1]  # of `files/md5`; beside `files` lies `runs`
    age_s = 0.0 if cache.is_relative_to(root.resolve()) else SAVING_S
    for folder in cache.glob("runs/*/*"):
        _mend_run(folder, age_s)
    rwlock = root / ".dvc" / "tmp" / "rwlock"
    try:
        json.loads(rwlock.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError:
        rwlock.unlink()


def _mend_run(folder: Path, age_s: float) -> None:
    """Drop files that are not named by a digest, as DVC's temporary ones, then an empty folder."""
    before_s = utc_now().timestamp() - age_s
    with suppress(OSError):  # another DVC works on it, so it is no leftover
        for path in folder.iterdir():
            if len(path.name) != len(folder.name) and path.stat().st_mtime <= before_s:
                path.unlink()
        if folder.stat().st_mtime <= before_s or age_s == 0:
            folder.rmdir()  # refused while there is a file
