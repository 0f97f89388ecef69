"""Write files so that nobody ever reads a half-written one, and name content by its digest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from voxgate.errors import StorageError

__all__ = [
    "canonical_json",
    "digest_bytes",
    "digest_file",
    "digest_json",
    "publish_directory",
    "read_json",
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
def write_path(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield a temporary sibling of `path`; on success flush it to disk and rename it into place.

    `durable=False` leaves out the flush: for caches, where a file lost in a power cut costs only
    its computation.

    Raises:
        StorageError: the operating system refused (disk full, read-only, ...). The temporary file
            is removed and `path` is as it was before.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o644)
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
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


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
    """Yield an empty temporary folder beside `path`; on success put it in the place of `path`.

    A crash leaves the old folder or the new one, or (between two renames) none; never a mixture.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        # The old folder steps aside first, so that there is no folder only between two renames.
        aside = temporary.with_suffix(".old.tmp")
        if path.exists():
            path.rename(aside)
        temporary.replace(path)
        shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary.exists():
            shutil.rmtree(temporary, ignore_errors=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
