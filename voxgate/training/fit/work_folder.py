"""The name of unfinished work: a digest of everything that decides the resulting weights."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from voxgate.files import digest_file, digest_json

__all__ = ["discard_work", "folder_contents", "work_folder"]

_PREFIX = "train-"


def work_folder(work_dir: Path, inputs: Mapping[str, object]) -> Path:
    """Return the folder of the work with these inputs; it need not exist.

    Two runs share it exactly if all their inputs are equal, so that a state is never continued
    under other data, parameters or code.
    """
    return work_dir / f"{_PREFIX}{digest_json(dict(inputs))[:32]}"


def folder_contents(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below `folder`, by relative POSIX path."""
    return {
        path.relative_to(folder).as_posix(): digest_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def discard_work(work_dir: Path) -> None:
    """Remove all unfinished training: this one is published, and others are of inputs since gone.

    A run holds the lease on its checkout, so nobody else is working in here.
    """
    for folder in work_dir.glob(f"{_PREFIX}*"):
        shutil.rmtree(folder)
