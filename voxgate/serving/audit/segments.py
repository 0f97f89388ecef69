"""Files of records that wait for the database: how a line is framed, read and guarded.

A segment is held by its writer under `flock`, and the kernel frees the lock when the writer dies.
One that nobody holds is never written again: it is one batch of the audit, under its name.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import StorageError

__all__ = ["Segment", "frame", "read_segment", "taken_segment"]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """What a segment holds: its whole records as texts.

    `torn` tells whether half a line stands at its end, which a killed writer leaves; `damaged`
    counts other lines that are not what was written, which only a broken disk or a hand explains.
    """

    contents: tuple[str, ...]
    torn: bool
    damaged: int


def frame(content: str) -> bytes:
    """Return a record as a line that tells whether it is whole; JSON has no line breaks."""
    body = content.encode()
    return b"%08x %b\n" % (zlib.crc32(body), body)


def read_segment(path: Path) -> Segment:
    """Return the whole records of a segment, in order.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        *lines, end = path.read_bytes().split(b"\n")
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
    whole = tuple(content for content in map(_unframed, lines) if content is not None)
    return Segment(contents=whole, torn=bool(end), damaged=len(lines) - len(whole))


@contextmanager
def taken_segment(path: Path) -> Iterator[bool]:
    """Hold a segment; yields False where its writer or another deliverer holds it, or it is gone.

    Raises:
        StorageError: it cannot be opened.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    except OSError as error:
        raise StorageError(f"cannot open {path}: {error.strerror or error}") from error
    try:
        yield _lock(handle) and _is_still(path, handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, handle: int) -> bool:
    """Tell whether a file has its name yet: another deliverer may have put it away before us."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _unframed(line: bytes) -> str | None:
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    return body.decode("utf-8", "strict")
