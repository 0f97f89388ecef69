"""Files that nobody else on the machine may read: the ledger, transcripts, keys.

A folder is its owner's alone, unless an operator gave it to a group by the set-group-ID bit
(`chgrp TEAM FOLDER && chmod g+rwxs FOLDER`): then the group's rights stay. Others never have any.
"""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voxgate.errors import StorageError

__all__ = ["keep_secret", "make_private_file", "make_private_folder"]

SECRET_BYTES = 32


def make_private_folder(folder: Path) -> None:
    """Make a folder that others cannot enter, or close one that they can.

    One that belongs to somebody else is left as it is: only its owner may close it.

    Raises:
        StorageError: it cannot be made.
    """
    with _reporting(folder):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
        _close(folder)


def make_private_file(path: Path) -> None:
    """Make an empty file that others cannot read, or close the one that is there.

    The files that SQLite keeps beside a database take its mode, and are closed too.

    Raises:
        StorageError: it cannot be made.
    """
    with _reporting(path):
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 | _of_group(path)))
        for end in ("", "-wal", "-shm", "-journal"):
            _close(path.with_name(path.name + end))


def keep_secret(path: Path) -> bytes:
    """Return the secret in a file; the first who asks makes it, of `SECRET_BYTES` random bytes.

    Raises:
        StorageError: it cannot be made or read.
    """
    make_private_folder(path.parent)
    with _reporting(path):
        if not path.is_file():
            # Linked as a whole: of two at once one wins, and nobody reads half of it.
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key.") as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
                file.flush()
                with suppress(FileExistsError):
                    os.link(file.name, path)
        found = path.read_bytes()
    if len(found) < SECRET_BYTES:
        raise StorageError(
            f"{path}: expected {SECRET_BYTES} random bytes, got {len(found)}; restore it, or "
            "remove it: what was signed with it is not good any more then"
        )
    return found


@contextmanager
def _reporting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be made: {error.strerror}. Free space or correct the permissions, then "
            "run again."
        ) from error


def _close(path: Path) -> None:
    with suppress(FileNotFoundError):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        closed = mode & ~(0o007 if _shared(path) else 0o077)
        if closed != mode and found.st_uid == os.geteuid():
            path.chmod(closed)


def _of_group(path: Path) -> int:
    return 0o060 if _shared(path) else 0


def _shared(path: Path) -> bool:
    folder = path if path.is_dir() else path.parent
    return bool(folder.stat().st_mode & stat.S_ISGID)
