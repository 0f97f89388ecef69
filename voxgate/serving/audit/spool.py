"""Where records of speech wait for the database: files on this machine, one writer each.

A request is admitted only while there is room for its record, so that nothing is said that could
not be accounted for. A record is one line, a checksum before its text, handed to the operating
system before `append` returns: `kill -9` of the process loses none that was acknowledged, and
leaves at most half a line at the end. A power cut may take what the system had not written yet;
a segment (`segments`) is flushed to the disk when it is ended, and removed after its batch is
committed (`delivery`).
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voxgate.errors import OverloadedError, StorageError
from voxgate.private_files import make_private_folder
from voxgate.serving.audit.record import SpeechRecord
from voxgate.serving.audit.segments import frame

__all__ = ["OPENING", "SEGMENT", "Room", "SpeechSpool"]

SEGMENT, OPENING = ".spool", ".opening"
RECORD_BYTES = 16384
"""What a record takes at most without the text that was said; its names are bounded."""

_BYTES_OF_A_CHARACTER = 7
"""In JSON, where it is the escape of half a surrogate pair; everything else takes less."""

RETRY_AFTER_S = 5.0


class SpeechSpool:
    """The records of this process that are not in the database yet; safe to use from threads.

    Several processes may share `folder`. `max_bytes` bounds all of it; with several processes it is
    exceeded by at most a segment each.

    Raises:
        StorageError: the folder cannot be made.
    """

    def __init__(self, folder: Path, *, max_bytes: int, segment_records: int = 500) -> None:
        make_private_folder(folder)
        self.folder = folder
        self._max_bytes, self._segment_records = max_bytes, segment_records
        self._file, self._counting = threading.Lock(), threading.Lock()
        self._handle: int | None = None
        self._records = self._length = 0
        self._promised = 0
        self._fault: str | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="speech-audit")
        self._used = 0
        self.recount()

    def reserve(self, text: str | None = None) -> Room:
        """Keep room for one record before anything is said; `text` is what it will hold of it.

        Raises:
            OverloadedError: the spool is full, because the database is away for long.
            StorageError: the last record could not be written, and still none can.
        """
        needed = RECORD_BYTES + _BYTES_OF_A_CHARACTER * len(text or "")
        if self._fault is not None:
            self._require_writable(needed)
        if not self._promise(needed):
            self.recount()  # another process may have delivered
            if not self._promise(needed):
                raise OverloadedError(
                    f"the audit of speech waits for its database and its spool is full "
                    f"({self._max_bytes} bytes in {self.folder}); nothing is said that cannot be "
                    "accounted for. Check VOXGATE_LEDGER_URL and that the database answers.",
                    retry_after_s=RETRY_AFTER_S,
                )
        return Room(self, needed)

    def append(self, record: SpeechRecord) -> None:
        """Hand a record to the operating system; the file is as before where that fails.

        Raises:
            StorageError: it refused (disk full, say); no further request is admitted until it does
                not any more.
        """
        line = frame(record.content())
        with self._file:
            try:
                handle = self._open() if self._handle is None else self._handle
                self._write(handle, line)
            except OSError as error:
                self._fault = f"cannot write to {self.folder}: {error.strerror or error}"
                raise StorageError(f"{self._fault}; a record of speech is not kept") from error
            self._records += 1
            self._length += len(line)
            if self._records >= self._segment_records:
                self._end_segment()
        with self._counting:
            self._used += len(line)

    def seal(self) -> None:
        """End the open segment, if there is one, so that it can be delivered."""
        with self._file:
            self._end_segment()

    def recount(self) -> None:
        """Look how much lies in the folder, by whomever it was written."""
        with self._counting:
            self._used = sum(size for _, size in _sizes(self.folder))

    @property
    def used_bytes(self) -> int:
        """How much waits, what is promised included."""
        with self._counting:
            return self._used + self._promised

    def close(self) -> None:
        """Write what was handed in, and end the segment; nothing can be appended after."""
        self._writer.shutdown()
        self.seal()

    async def append_off_loop(self, record: SpeechRecord) -> None:
        """Do `append` in the spool's own thread; a caller that is cancelled does not undo it."""
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._writer, self.append, record))

    def give_back(self, promised: int) -> None:
        """Free room that was reserved; for `Room`."""
        with self._counting:
            self._promised -= promised

    def _promise(self, needed: int) -> bool:
        with self._counting:
            if self._used + self._promised + needed > self._max_bytes:
                return False
            self._promised += needed
            return True

    def _open(self) -> int:
        name = secrets.token_hex(16)
        hidden = self.folder / f"{name}{OPENING}"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        handle = os.open(hidden, flags, 0o600)
        try:
            # Locked before it has the name that a deliverer looks for.
            fcntl.flock(handle, fcntl.LOCK_EX)
            hidden.rename(hidden.with_suffix(SEGMENT))
        except OSError:
            os.close(handle)
            raise
        self._handle, self._records, self._length = handle, 0, 0
        return handle

    def _write(self, handle: int, line: bytes) -> None:
        try:
            if os.write(handle, line) != len(line):
                raise OSError(errno.ENOSPC, "the disk took half a record")  # noqa: TRY301
        except OSError:
            self._cut(handle)
            raise

    def _cut(self, handle: int) -> None:
        """Take half a record away; a segment that cannot be mended is not gone on with."""
        try:
            os.ftruncate(handle, self._length)
        except OSError:
            os.close(handle)
            self._handle = None

    def _end_segment(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            try:
                os.fsync(handle)
            except OSError as error:
                self._fault = f"cannot flush {self.folder}: {error.strerror or error}"
                raise StorageError(f"{self._fault}; a power cut may take records") from error
            finally:
                os.close(handle)

    def _require_writable(self, needed: int) -> None:
        probe = self.folder / f"{secrets.token_hex(16)}{OPENING}"
        try:
            probe.write_bytes(bytes(needed))
        except OSError as error:
            raise StorageError(
                f"{self._fault}; nothing is said that cannot be accounted for. Free space or "
                "correct the permissions."
            ) from error
        finally:
            probe.unlink(missing_ok=True)
        self._fault = None


class Room:
    """Room for one record; written or left, it is free again once."""

    def __init__(self, spool: SpeechSpool, promised: int) -> None:
        self._spool, self._promised = spool, promised

    async def write(self, record: SpeechRecord) -> None:
        """Write the record; see `SpeechSpool.append`."""
        try:
            await self._spool.append_off_loop(record)
        finally:
            self.leave()

    def leave(self) -> None:
        """Give the room back, where nothing was said; a second time changes nothing."""
        promised, self._promised = self._promised, 0
        self._spool.give_back(promised)


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                yield entry.name, entry.stat(follow_symlinks=False).st_size
            except FileNotFoundError:
                continue  # delivered in this moment
