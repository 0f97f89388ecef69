"""Where DVC keeps objects on this machine, without starting DVC where that is plain."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from voxgate.adapters.dvc.repository import open_repository

__all__ = ["cache_dir", "cached_object", "object_path"]

_OBJECTS = Path("files", "md5")
_SETS_A_CACHE = re.compile(rb"^\s*\[[^\]\n]*cache", re.IGNORECASE | re.MULTILINE)


def cached_object(root: Path, md5: str) -> Path:
    """Return where DVC's cache keeps an object; the file need not exist."""
    return object_path(cache_dir(root), md5)


def cache_dir(root: Path) -> Path:
    """Return the folder of DVC's cache, which checkouts may share.

    DVC is asked, and takes half a second to start, unless no configuration can say anything but its
    default.

    Raises:
        DataVersionError: `root` is no DVC repository, or its configuration is broken.
    """
    if _is_default(root):
        return root / ".dvc" / "cache" / _OBJECTS
    with open_repository(root, "find DVC's cache") as repo:
        return Path(repo.cache.local.path)


def object_path(cache: Path, md5: str) -> Path:
    """Return the place of an object in a cache."""
    return cache / md5[:2] / md5[2:]


def _is_default(root: Path) -> bool:
    config = root / ".dvc" / "config"
    if sys.platform != "linux" or any(path.exists() for path in _of_this_account()):
        return False
    if not (root / ".git").exists():
        return False  # DVC refuses that
    local = config.with_name("config.local")
    try:
        said = config.read_bytes() + b"\n" + (local.read_bytes() if local.exists() else b"")
    except OSError:
        return False
    return _SETS_A_CACHE.search(said) is None


def _of_this_account() -> Iterator[Path]:
    """Yield the files in which DVC looks for settings of the account and of the machine."""
    home = Path.home() / ".config"
    account = os.environ.get("DVC_GLOBAL_CONFIG_DIR")
    machine = os.environ.get("DVC_SYSTEM_CONFIG_DIR")
    for folder in (account, machine):
        if folder:
            yield Path(folder) / "config"
    machines = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    for name in (os.environ.get("XDG_CONFIG_HOME") or home, *machines.split(os.pathsep)):
        yield Path(name) / "dvc" / "config"
