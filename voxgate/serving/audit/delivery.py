"""Bring what lies in the spool into the database: a segment a batch, once.

A deliverer that dies between the commit and the removal of the file delivers the same batch again,
under the same name; the audit knows it. Several processes may deliver from one folder.

A note that has no end in its segment goes on in the next one of its process; where that does not
have it, it is the record. So a segment waits until the one before it is away: what an answer left
is decided once, by the last segment that has it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import LedgerTamperedError, StorageError
from voxgate.serving.audit.chain import Batch, SpeechAudit
from voxgate.serving.audit.record import SpeechRecord
from voxgate.serving.audit.segments import (
    OPENING,
    SEGMENT,
    Segment,
    predecessor,
    read_segment,
    successor,
    taken_segment,
)
from voxgate.serving.audit.spool import SpeechSpool

__all__ = ["Delivery", "deliver", "deliver_from"]

DAMAGED = ".damaged"
_ABANDONED_S = 60.0
"""A file that is older and has no records yet was left by a writer that was killed."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one round did: batches and records that are new in the audit, and what was lost.

    `died` counts the records among them whose answers had no end. `torn` counts half lines that
    killed writers left, `damaged` other lines that are not what was written; the files of the
    latter stay, as `*.damaged`.
    """

    batches: int = 0
    records: int = 0
    died: int = 0
    torn: int = 0
    damaged: int = 0


def deliver(folder: Path, audit: SpeechAudit) -> Delivery:
    """Deliver every segment that nobody writes any more, the oldest first.

    Raises:
        LedgerError, StorageError, ExternalServiceError: the database did not take a batch; it and
            what comes after it lie where they were.
    """
    total = Delivery()
    for path in _ended(folder):
        before = predecessor(path)
        if before is not None and before.exists():
            continue  # another deliverer has it
        with taken_segment(path) as mine:
            if mine:
                total = _sum(total, _deliver(path, audit))
    return total


def deliver_from(spool: SpeechSpool, audit: SpeechAudit) -> None:
    """Deliver what the spool of this process has so far, and whatever else lies in its folder.

    What waits goes first: while the database is away, segments grow, and notes are not copied from
    one into the next.

    Raises:
        LedgerError, StorageError, ExternalServiceError: as `deliver` and `SpeechSpool.seal`.
    """
    try:
        deliver(spool.folder, audit)
        spool.seal()
        deliver(spool.folder, audit)
    finally:
        spool.recount()


def _deliver(path: Path, audit: SpeechAudit) -> Delivery:
    segment = _checked(_with_the_died(read_segment(path), path))
    lost = segment.damaged + segment.torn
    new = False
    if segment.contents or lost:
        batch = Batch(batch_id=path.stem, contents=segment.contents, dropped=lost)
        new = audit.append(batch)
    if segment.under_way:
        _LOGGER.warning(
            "segment %s: %d answers had no end; they are recorded with what was handed out at most",
            path.stem, len(segment.under_way),
        )  # fmt: skip
    if lost:
        _LOGGER.warning(
            "segment %s: %d records kept, torn end: %s, damaged lines: %d",
            path.stem, len(segment.contents), segment.torn, segment.damaged,
        )  # fmt: skip
    _put_away(path, damaged=segment.damaged > 0)
    return Delivery(
        batches=int(new),
        records=len(segment.contents) if new else 0,
        died=len(segment.under_way) if new else 0,
        torn=int(segment.torn),
        damaged=segment.damaged,
    )


def _with_the_died(segment: Segment, path: Path) -> Segment:
    """Make records of the notes that the next segment does not go on with."""
    following = successor(path) if segment.under_way else None
    on = read_segment(following).begun if following is not None and following.exists() else ()
    died = {name: note for name, note in segment.under_way.items() if name not in on}
    return replace(segment, contents=(*segment.contents, *died.values()), under_way=died)


def _checked(segment: Segment) -> Segment:
    """Count what is whole and still no record among the damaged."""
    good = tuple(content for content in segment.contents if _is_record(content))
    strange = len(segment.contents) - len(good)
    return replace(segment, contents=good, damaged=segment.damaged + strange)


def _is_record(content: str) -> bool:
    try:
        SpeechRecord.parse(content)
    except LedgerTamperedError:
        return False
    return True


def _put_away(path: Path, *, damaged: bool) -> None:
    try:
        if damaged:
            path.rename(path.with_suffix(DAMAGED))
        else:
            path.unlink()
    except OSError as error:
        raise StorageError(
            f"cannot remove {path}, which is delivered: {error.strerror or error}. Correct the "
            "permissions; it is not delivered twice."
        ) from error


def _ended(folder: Path) -> list[Path]:
    """Return the segments, oldest first; what was abandoned before it was one is removed."""
    found: list[tuple[float, int, str, Path]] = []
    for path in folder.iterdir():
        try:
            changed_s = path.stat().st_mtime
        except FileNotFoundError:
            continue  # another deliverer was faster
        if path.suffix == SEGMENT:
            found.append((changed_s, len(path.name), path.name, path))  # 9 before 10
        elif path.suffix == OPENING and utc_now().timestamp() - changed_s > _ABANDONED_S:
            path.unlink(missing_ok=True)
    return [path for *_, path in sorted(found)]


def _sum(one: Delivery, other: Delivery) -> Delivery:
    return Delivery(**{name: value + vars(other)[name] for name, value in vars(one).items()})
