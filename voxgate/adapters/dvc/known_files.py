"""What each file of a folder had in it when it was last read, so that it is not read again.

As Git and DVC do, a file counts as untouched while its size, its number on the disk and the times
of its last change are what they were; the time that the system keeps for itself (ctime) is among
them, so setting back a file's own time hides nothing. A file that had just been written when it was
read is not remembered: it could change again within one tick of that clock.

DVC remembers the same, but to ask it takes a second, and ten times as long for each file.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from voxgate.adapters.dvc.tree import FolderTree, find_files, md5_of
from voxgate.clock import utc_now
from voxgate.errors import StorageError
from voxgate.files import write_bytes
from voxgate.stage import Workspace

__all__ = ["read_data_tree", "read_known_tree"]

SETTLING_NS = 2_000_000_000
"""The coarsest clock of a disk: FAT counts two seconds."""

_FORMAT = b"1"
_MD5_CHARACTERS = 32
_LOG = logging.getLogger(__name__)


def read_data_tree(root: Path) -> FolderTree:
    """Return the files of a checkout's data/."""
    workspace = Workspace(root)
    return read_known_tree(workspace.data_dir, workspace.cache_dir / "data-files")


def read_known_tree(folder: Path, memory: Path) -> FolderTree:
    """Do what `read_tree` does; what `memory` knows is not read. `memory` may be absent."""
    settled_ns = int(utc_now().timestamp() * 1e9) - SETTLING_NS
    known = _recall(memory)
    files: dict[str, str] = {}
    kept: dict[str, str] = {}
    learnt = False
    for path, entry in find_files(folder):
        state = entry.stat()
        stamp = f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
        held = known.get(path, "")
        if held[_MD5_CHARACTERS:] == stamp:
            files[path] = held[:_MD5_CHARACTERS]
            kept[path] = held
            continue
        files[path] = md5_of(entry)
        if max(state.st_mtime_ns, state.st_ctime_ns) < settled_ns and "\n" not in path:
            kept[path] = f"{files[path]}{stamp}"
            learnt = True
    if learnt or len(kept) != len(known):
        _remember(memory, kept)
    return FolderTree(files)


def _recall(memory: Path) -> dict[str, str]:
    """Return md5 and stamp by path; nothing where the memory is absent or damaged."""
    try:
        digest, _, body = memory.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if digest.decode(errors="replace") != _digest(body):
        return {}
    lines = os.fsdecode(body).split("\n")
    return {path: held for held, _, path in (line.partition("/") for line in lines) if held}


def _remember(memory: Path, kept: Mapping[str, str]) -> None:
    # No "/" in what is held: it parts it from the path.
    body = os.fsencode("\n".join(f"{held}/{path}" for path, held in kept.items()))
    try:
        write_bytes(memory, _digest(body).encode() + b"\n" + body, durable=False)
    except StorageError as error:  # the answer does not need it, only the next one's speed
        _LOG.warning("every file of data/ will be read again next time: %s", error)


def _digest(body: bytes) -> str:
    return hashlib.sha256(_FORMAT + body).hexdigest()
