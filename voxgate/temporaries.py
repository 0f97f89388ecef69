"""Files and folders that are not finished: made, guarded, put in place, swept when orphaned.

A temporary is named `.NAME.voxgate-XXXXXXXX.tmp`, and its writer holds the kernel's lock on it. One
that is not locked has lost its writer and may be removed by whoever comes by: no time has to pass,
and the temporary of a living writer, in another container too, is never touched.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = [
    "put_in_place",
    "remove_leftovers",
    "restore_aside",
    "scratch_directory",
    "temporary_path",
]

_MARK = ".voxgate-"
_ASIDE = ".voxgate-aside"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_LOGGER = logging.getLogger(__name__)


@contextmanager
def temporary_path(parent: Path, name: str, *, folder: bool) -> Iterator[Path]:
    """Yield a new file or folder in `parent`, guarded; what is left of it then is removed.

    Raises:
        OSError: it cannot be made.
    """
    path, handle = _make(parent, name, folder=folder)
    try:
        yield path
    finally:
        try:
            _remove(path)
        finally:
            os.close(handle)


@contextmanager
def scratch_directory(parent: Path | None = None) -> Iterator[Path]:
    """Yield a folder for the time of the context, in the system's place for such or in `parent`.

    `tempfile` would leave it for good after SIGKILL; here the next one removes it.
    """
    parent = Path(tempfile.gettempdir()) if parent is None else parent
    parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(parent, deep=False)
    with temporary_path(parent, "scratch", folder=True) as path:
        yield path


def remove_leftovers(folder: Path, *, deep: bool = True, name: str = "*") -> None:
    """Remove temporaries of dead writers in `folder`, and below it if `deep`; those of `name`."""
    pattern = f".{name}{_MARK}*.tmp"
    for path in [*(folder.rglob(pattern) if deep else folder.glob(pattern))]:
        with suppress(OSError):  # gone meanwhile, or another user's
            handle = _open(path)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: it lives
                _remove(path)
            finally:
                os.close(handle)


def put_in_place(new: Path, path: Path) -> None:
    """Give the folder `new` the name `path`, and what was there before the name of `new`.

    Where the file system can exchange two names, there is one of them under `path` at any time.
    Where it cannot, a kill between two renames leaves none, and `restore_aside` the old one.
    """
    if not path.exists():
        new.rename(path)
    elif not _exchange(new, path):
        aside = path.with_name(f".{path.name}{_ASIDE}")  # not one of those that are swept
        path.rename(aside)
        new.rename(path)
        aside.rename(new)


def restore_aside(path: Path) -> None:
    """Give `path` back what had stepped aside when its writer was killed; drop it if replaced."""
    aside = path.with_name(f".{path.name}{_ASIDE}")
    if aside.is_dir() and path.exists():
        _remove(aside)
    elif aside.is_dir():
        aside.rename(path)


def _exchange(one: Path, other: Path) -> bool:
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # not Linux
        return False
    names = (os.fsencode(one), os.fsencode(other))
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _make(parent: Path, name: str, *, folder: bool) -> tuple[Path, int]:
    while True:
        path = parent / f".{name}{_MARK}{secrets.token_hex(4)}.tmp"
        if folder:
            path.mkdir(mode=0o700)
            try:
                handle = os.open(path, os.O_RDONLY)
            except FileNotFoundError:  # swept between the two calls
                continue
        else:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # Between the two steps somebody who swept may have taken it for a leftover.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return path, handle
        os.close(handle)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW)


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        _LOGGER.warning("%s could not be removed (%s); remove it by hand", path, error)
