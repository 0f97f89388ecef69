"""The segment that a process writes: made with a name of its own, held, ended."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

from voxgate.serving.audit.segments import OPENING, SEGMENT

__all__ = ["SegmentFile"]


class SegmentFile:
    """An open segment; `records` counts the ends of answers in it. One thread at a time.

    `head` is what the segment before this one had under way: it is in the file before the file has
    the name that a deliverer looks for, so that a kill leaves all of it in one of the two.

    Raises:
        OSError: it cannot be made; nothing has its name then.
    """

    def __init__(self, folder: Path, name: str, head: bytes = b"") -> None:
        hidden = folder / f"{name}{OPENING}"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        self._handle = os.open(hidden, flags, 0o600)
        self._length = self.records = 0
        self.spoilt = False
        """Whether half a line stands at its end, that could not be taken away."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            if head:
                self.write(head)
            hidden.rename(hidden.with_suffix(SEGMENT))
        except OSError:
            os.close(self._handle)
            hidden.unlink(missing_ok=True)
            raise

    def write(self, line: bytes) -> None:
        """Hand whole lines to the operating system; the file is as before where that fails.

        Raises:
            OSError: it refused.
        """
        try:
            if os.write(self._handle, line) != len(line):
                raise OSError(errno.ENOSPC, "the disk took half a record")  # noqa: TRY301
        except OSError:
            self._cut()
            raise
        self._length += len(line)

    def end(self) -> None:
        """Flush it to the disk and let go of it, so that it can be delivered.

        Raises:
            OSError: it was not flushed.
        """
        try:
            os.fsync(self._handle)
        finally:
            os.close(self._handle)

    def _cut(self) -> None:
        try:
            os.ftruncate(self._handle, self._length)
        except OSError:
            self.spoilt = True
