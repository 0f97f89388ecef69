"""Where records of speech wait for the database: files on this machine, one writer each.

A request is admitted only while there is room for its record, so that nothing is said that could
not be accounted for. Before each sentence leaves, a note says what has been handed out with it; the
record at the end takes its place. Either is a line, handed to the operating system before the call
returns: `kill -9` of the process loses none that was acknowledged, and leaves at most half a line
at the end. A power cut may take what the system had not written yet; a segment (`segments`) is
flushed to the disk when it is ended, and removed after its batch is committed (`delivery`).
"""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from voxgate.errors import OverloadedError, StorageError
from voxgate.private_files import make_private_folder
from voxgate.serving.audit.lines import Kind, frame, merged
from voxgate.serving.audit.record import SpeechRecord
from voxgate.serving.audit.segment_file import SegmentFile
from voxgate.serving.audit.segments import OPENING, segment_name

__all__ = ["Room", "SpeechSpool"]

RECORD_BYTES = 16384
"""What a record takes at most without the text that was said; its names are bounded."""

_LINES = 2
"""A note and a record; the short notes of further sentences fit in what these leave of their room,
for some hundred sentences."""

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
        self._name, self._number = secrets.token_hex(16), 0
        self._segment: SegmentFile | None = None
        self._under_way: dict[str, str] = {}
        self._promised = 0
        self._fault: str | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="speech-audit")
        self._used = 0
        self.recount()

    def reserve(self, text: str | None = None) -> Room:
        """Keep room for one answer before anything is said; `text` is what is kept of it.

        Raises:
            OverloadedError: the spool is full, because the database is away for long.
            StorageError: the last record could not be written, and still none can.
        """
        needed = _LINES * (RECORD_BYTES + _BYTES_OF_A_CHARACTER * len(text or ""))
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

    def note(self, answer: str, record: SpeechRecord) -> None:
        """Note what is recorded of an answer if this process dies; a later note takes its place.

        Raises:
            StorageError: as `append`.
        """
        with self._file:
            known = self._under_way.get(answer)
            if known is None:
                content = record.content()
                self._write(frame(content, kind="begun", name=answer))
            else:
                progress = record.progress()
                content = merged(known, progress)
                self._write(frame(progress, kind="said", name=answer))
            self._under_way[answer] = content

    def append(self, record: SpeechRecord, answer: str | None = None) -> None:
        """Hand a record to the operating system; the file is as before where that fails.

        `answer` is what its notes were written for. Where the record cannot be kept, they stay.

        Raises:
            StorageError: it refused (disk full, say); no further request is admitted until it does
                not any more.
        """
        full = None
        with self._file:
            noted = answer is not None and self._under_way.pop(answer, None) is not None
            kind: Kind = "ended" if noted else "record"
            self._write(frame(record.content(), kind=kind, name=answer or ""))
            assert self._segment is not None
            self._segment.records += 1
            if self._segment.records >= self._segment_records:
                full = self._end_segment()
        self._flush(full)

    def seal(self) -> None:
        """End the open segment, if there are records in it, so that it can be delivered.

        Answers that are under way go on in the next one.

        Raises:
            StorageError: the disk does not take the next one, or not the rest of this one.
        """
        ended = None
        with self._file:
            if self._segment is not None and self._segment.records:
                ended = self._end_segment()
        self._flush(ended)

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
        with self._file:
            ended, self._segment = self._segment, None
        self._flush(ended)

    async def off_loop(self, work: Callable[..., None], *arguments: Any) -> None:
        """Do `note` or `append` in the spool's own thread, in the order of the calls.

        A caller that is cancelled does not undo it.
        """
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._writer, work, *arguments))

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

    def _write(self, line: bytes) -> None:
        try:
            if self._segment is None:
                self._segment = self._next_segment()
            elif self._segment.spoilt:
                spoilt, self._segment = self._segment, self._next_segment()
                spoilt.end()
            self._segment.write(line)
        except OSError as error:
            raise self._faulty("write to", error, "a record of speech is not kept") from error
        self._count(len(line))

    def _end_segment(self) -> SegmentFile | None:
        """Take the segment out of use; whoever calls flushes it, when nobody waits for that."""
        try:
            following = self._next_segment() if self._under_way else None
        except OSError as error:
            raise self._faulty("write to", error, "records of speech wait") from error
        ended, self._segment = self._segment, following
        return ended

    def _next_segment(self) -> SegmentFile:
        notes = self._under_way.items()
        head = b"".join(frame(content, kind="begun", name=answer) for answer, content in notes)
        segment = SegmentFile(self.folder, segment_name(self._name, self._number + 1), head)
        self._number += 1
        self._count(len(head))
        return segment

    def _flush(self, segment: SegmentFile | None) -> None:
        try:
            if segment is not None:
                segment.end()
        except OSError as error:
            raise self._faulty("flush", error, "a power cut may take records") from error

    def _faulty(self, what: str, error: OSError, so: str) -> StorageError:
        self._fault = f"cannot {what} {self.folder}: {error.strerror or error}"
        return StorageError(f"{self._fault}; {so}")

    def _count(self, written: int) -> None:
        with self._counting:
            self._used += written

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
    """Room for one answer; written or left, it is free again once."""

    def __init__(self, spool: SpeechSpool, promised: int) -> None:
        self._spool, self._promised = spool, promised
        self._answer = secrets.token_hex(16)

    async def note(self, record: SpeechRecord) -> None:
        """Note what is recorded if this process dies; see `SpeechSpool.note`."""
        await self._spool.off_loop(self._spool.note, self._answer, record)

    async def write(self, record: SpeechRecord) -> None:
        """Write the record; see `SpeechSpool.append`."""
        try:
            await self._spool.off_loop(self._spool.append, record, self._answer)
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
