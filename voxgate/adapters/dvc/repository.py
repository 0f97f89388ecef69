"""Git and DVC at one place: what they refuse becomes one sentence with a remedy."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from voxgate.errors import DataVersionError, StorageError
from voxgate.printable import without_colours

__all__ = ["explain", "open_repository", "read_committed", "require_git", "run_git"]

# What a hook of another repository sets for its children; `git rev-parse --local-env-vars`.
_OF_ANOTHER_REPOSITORY = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR"
    r"|NAMESPACE|PREFIX|GRAFT_FILE|SHALLOW_FILE)"
)
_WRITING_S = 0.2
_CLONE = "use a clone of the project (`git clone`), not a downloaded archive"
_REMEDIES = (
    (
        r"RWLock",
        "no other DVC command running? Then remove {root}/.dvc/tmp/rwlock",
    ),
    (
        r"acquire.* lock|LockError",
        "wait for the other DVC command; if there is none, remove {root}/.dvc/tmp/lock",
    ),
    (
        r"merge conflict|file structure is corrupted",
        "settle the merge in that file; dvc.lock may also be removed, a run writes it anew",
    ),
    (r"not a git repo|SCMError|NotDvcRepo|not inside of a DVC|isn't a DVC", _CLONE),
    (r"ConfigError|config(uration)? (file )?error", "`git checkout .dvc/config` restores it"),
)


def explain(root: Path, problem: str) -> str:
    """Put the words of Git or DVC on one line, with what to do where that is known."""
    said = " ".join(without_colours(problem).split())
    for pattern, remedy in _REMEDIES:
        if re.search(pattern, said, re.IGNORECASE):
            return f"{said.rstrip('.')}; {remedy.format(root=root)}"
    return said


@contextmanager
def open_repository(root: Path, doing: str, **options: Any) -> Iterator[Any]:
    """Yield DVC's `Repo` of a checkout; `doing` completes "could not …".

    Raises:
        DataVersionError: DVC refuses, or this is no repository of DVC and Git.
        StorageError: the disk is full, or must not be written to.
    """
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    _drop_unreadable_lock(root)
    try:
        with Repo(str(root), **options) as repo:
            yield repo
    except DvcException as error:
        problem = f"{error}" if error.__cause__ is None else f"{error} ({error.__cause__})"
        # The name of the class is what the remedies look for; people get the message.
        said = explain(root, f"{type(error).__name__}: {problem}")
        raise DataVersionError(
            f"could not {doing}: {said.removeprefix(f'{type(error).__name__}: ')}"
        ) from error
    except OSError as error:
        raise StorageError(
            f"could not {doing}: {error.filename or root}: {error.strerror or error}. Free space "
            "or correct the permissions, then run again."
        ) from error


def _drop_unreadable_lock(root: Path) -> None:
    """Remove the `rwlock` of a DVC that was killed while it wrote it: it stops every later one.

    DVC writes the file at once after it has emptied it; one that stays unreadable has lost its
    writer.
    """
    lock = root / ".dvc" / "tmp" / "rwlock"
    with suppress(OSError):
        if _is_unreadable(lock):
            time.sleep(_WRITING_S)
            if _is_unreadable(lock):
                lock.unlink()


def _is_unreadable(lock: Path) -> bool:
    try:
        json.loads(lock.read_text(encoding="utf-8"))
    except ValueError:
        return True
    return False


def require_git(root: Path) -> None:
    """Stop unless Git answers in `root`: without it nobody can say what was registered.

    Raises:
        DataVersionError: it refuses, is not installed, or there is no repository.
    """
    run_git(root, "rev-parse", "--git-dir")


def read_committed(root: Path, revision: str, name: str) -> str | None:
    """Return a file of `root` as it is at a revision; None where one of them does not exist.

    Raises:
        DataVersionError: as `require_git`.
    """
    require_git(root)
    asked = f"{revision}^{{commit}}"
    found = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked, absent=1)
    # `./` makes Git read the path from `root`, which may lie below the top of the repository.
    if found is None or not run_git(root, "ls-tree", found.strip(), f"./{name}"):
        return None
    return run_git(root, "show", f"{found.strip()}:./{name}")


def run_git(root: Path, *arguments: str, absent: int | None = None) -> str | None:
    """Return what Git says; None where it ends with the status `absent`."""
    command = ["git", "-C", str(root), *arguments]
    environment = {k: v for k, v in os.environ.items() if not _OF_ANOTHER_REPOSITORY.fullmatch(k)}
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            check=False,
        )
    except OSError as error:
        raise DataVersionError(
            f"git is not installed, or not on PATH ({error.strerror}): it says which data version "
            "was registered. Install it, then run again."
        ) from error
    if answer.returncode == 0:
        return answer.stdout
    if answer.returncode == absent:
        return None
    said = answer.stderr or answer.stdout or f"exit status {answer.returncode}"
    raise DataVersionError(f"Git refuses {root.resolve()}: {explain(root, said)}")
