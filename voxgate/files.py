"""Write files so that nobody ever reads a half-written one, and name content by its digest."""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from voxgate.errors import StorageError
from voxgate.mounted import finish_content, is_mounted, move_content
from voxgate.temporaries import put_in_place, remove_leftovers, restore_aside, temporary_path

__all__ = [
    "canonical_json",
    "digest_bytes",
    "digest_file",
    "digest_json",
    "publish_directory",
    "read_json",
    "recover_directory",
    "write_bytes",
    "write_json",
    "write_path",
    "write_text",
]

_BLOCK_BYTES = 1 << 20


def canonical_json(value: object) -> str:
    """Serialise to the one JSON text that digests and byte comparisons use.

    Keys are sorted, there is no white space, and NaN or infinity raise ValueError: a number that
    could not be measured is None, never NaN.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest_bytes(data: bytes) -> str:
    """Return the sha256 of `data` in hex."""
    return hashlib.sha256(data).hexdigest()


def digest_json(value: object) -> str:
    """Return the sha256 of the canonical JSON of `value`."""
    return digest_bytes(canonical_json(value).encode())


def digest_file(path: Path) -> str:
    """Return the sha256 of a file in hex, read in blocks."""
    sha = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            sha.update(block)
    return sha.hexdigest()


@contextmanager
def write_path(path: Path, *, durable: bool = True, mode: int = 0o644) -> Iterator[Path]:
    """Yield a temporary sibling of `path`; on success flush it to disk and rename it into place.

    What a killed writer of `path` left is removed first. `durable=False` leaves out that and the
    flush: for caches, where a file lost in a power cut costs only its computation.

    Raises:
        StorageError: the operating system refused (disk full, read-only, ...). The temporary file
            is removed and `path` is as it was before.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if durable:
            remove_leftovers(path.parent, deep=False, name=glob.escape(path.name))
        with temporary_path(path.parent, path.name, folder=False) as temporary:
            yield temporary
            temporary.chmod(mode)
            if durable:
                _flush(temporary)
            temporary.replace(path)
            if durable:
                _flush(path.parent)
    except OSError as error:
        raise StorageError(
            f"cannot write {path}: {error.strerror or error}; nothing was changed under that name. "
            "Free space or correct the permissions, then run again."
        ) from error


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace `path` by `data` in one step."""
    with write_path(path, durable=durable) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Replace `path` by `text` (UTF-8, no newline translation) in one step."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: object) -> None:
    """Replace `path` by readable JSON with sorted keys; NaN raises ValueError."""
    text = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


@contextmanager
def publish_directory(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder; on success put it in the place of `path`, all or nothing.

    A link is followed: the folder that it leads to is replaced, and the link stays. Into a mount
    point, which cannot be renamed, the content is moved (`voxgate/mounted.py`). What killed writers
    left beside `path` is removed first.

    Raises:
        StorageError: the operating system refused; `path` is as it was before.
    """
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        recover_directory(path)
        mounted = is_mounted(path)
        beside = path if mounted else path.parent
        with temporary_path(beside, path.name, folder=True) as temporary:
            yield temporary
            temporary.chmod(0o755)
            if mounted:
                move_content(temporary, path)
            else:
                put_in_place(temporary, path)
                _flush(path.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


def recover_directory(path: Path) -> None:
    """Finish or take away what a `publish_directory` that was killed has left.

    Raises:
        StorageError: the operating system refused.
    """
    path = path.resolve()
    try:
        restore_aside(path)
        if path.parent.is_dir():
            remove_leftovers(path.parent, deep=False)
        if path.is_dir():
            finish_content(path)
            remove_leftovers(path, deep=False)
    except OSError as error:
        raise StorageError(f"cannot recover {path}: {error.strerror or error}") from error


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
