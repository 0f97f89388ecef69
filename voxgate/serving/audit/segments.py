"""Files of records that wait for the database: how they are named, read and guarded.

A segment is held by its writer under `flock`, and the kernel frees the lock when the writer dies.
One that nobody holds is never written again: it is one batch of the audit, under its name. The
segments of a process follow each other by number, and are delivered in that order.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.errors import StorageError
from voxgate.serving.audit.lines import Line, merged, read_line

__all__ = [
    "OPENING",
    "SEGMENT",
    "Segment",
    "predecessor",
    "read_segment",
    "segment_name",
    "successor",
    "taken_segment",
]

SEGMENT, OPENING = ".spool", ".opening"


@dataclass(frozen=True, kw_only=True)
class Segment:
    """What a segment holds: its whole records as texts.

    `under_way` are the notes of answers that have no end here, as the records that they are if they
    have none anywhere, and `begun` the names of all answers that have a note. `torn` tells whether
    half a line stands at its end, which a killed writer leaves; `damaged` counts other lines that
    are not what was written, which only a broken disk or a hand explains.
    """

    contents: tuple[str, ...]
    torn: bool
    damaged: int
    under_way: Mapping[str, str] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()


def segment_name(writer: str, number: int) -> str:
    """Name a segment, without its ending: the `number`-th of a process, from 1."""
    return f"{writer}-{number}"


def predecessor(path: Path) -> Path | None:
    """Return where the segment before this one lies, or lay; None for the first of a process."""
    return _neighbour(path, -1)


def successor(path: Path) -> Path | None:
    """Return where the segment after this one lies, if there is one; None where none can be."""
    return _neighbour(path, 1)


def read_segment(path: Path) -> Segment:
    """Return the whole records of a segment, in order.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        *lines, end = path.read_bytes().split(b"\n")
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
    contents, under_way, begun, damaged = list[str](), dict[str, str](), set[str](), 0
    for line in map(read_line, lines):
        match line:
            case Line(kind="begun"):
                under_way[line.name] = line.content
                begun.add(line.name)
            case Line(kind="said") if line.name in under_way:
                under_way[line.name] = merged(under_way[line.name], line.content)
            case Line(kind="ended"):
                under_way.pop(line.name, None)
                contents.append(line.content)
            case Line(kind="record"):
                contents.append(line.content)
            case _:
                damaged += 1
    return Segment(
        contents=tuple(contents),
        torn=bool(end),
        damaged=damaged,
        under_way=under_way,
        begun=frozenset(begun),
    )


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


def _neighbour(path: Path, step: int) -> Path | None:
    writer, dash, number = path.stem.rpartition("-")
    if not dash or not number.isdecimal() or int(number) + step < 1:
        return None  # an older voxgate gave its segments no numbers
    return path.with_name(segment_name(writer, int(number) + step) + SEGMENT)
