"""Bring what lies in the spool into the database: a segment a batch, once.

A deliverer that dies between the commit and the removal of the file delivers the same batch again,
under the same name; the audit knows it. Several processes may deliver from one folder.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.errors import LedgerTamperedError, StorageError, VoxgateError
from voxgate.serving.audit.chain import Batch, SpeechAudit
from voxgate.serving.audit.record import SpeechRecord
from voxgate.serving.audit.segments import Segment, read_segment, taken_segment
from voxgate.serving.audit.spool import OPENING, SEGMENT, SpeechSpool

__all__ = ["Delivery", "deliver", "follow_spool"]

DAMAGED = ".damaged"
_ABANDONED_S = 60.0
"""A file that is older and has no records yet was left by a writer that was killed."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one round did: batches and records that are new in the audit, and what was lost.

    `torn` counts half lines that killed writers left, `damaged` other lines that are not what was
    written; the files of the latter stay, as `*.damaged`.
    """

    batches: int = 0
    records: int = 0
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
        with taken_segment(path) as mine:
            if mine:
                total = _sum(total, _deliver(path, audit))
    return total


async def follow_spool(spool: SpeechSpool, audit: SpeechAudit, *, period_s: float) -> None:
    """Deliver every `period_s` seconds until cancelled; an outage is logged and tried again."""
    while True:
        try:
            await asyncio.to_thread(_round, spool, audit)
        except VoxgateError as error:
            _LOGGER.warning("the audit of speech is not delivered: %s", error)
        await asyncio.sleep(period_s)


def _round(spool: SpeechSpool, audit: SpeechAudit) -> None:
    try:
        spool.seal()
        deliver(spool.folder, audit)
    finally:
        spool.recount()


def _deliver(path: Path, audit: SpeechAudit) -> Delivery:
    segment = _checked(read_segment(path))
    lost = segment.damaged + segment.torn
    new = False
    if segment.contents or lost:
        batch = Batch(batch_id=path.stem, contents=segment.contents, dropped=lost)
        new = audit.append(batch)
    if lost:
        _LOGGER.warning(
            "segment %s: %d records kept, torn end: %s, damaged lines: %d",
            path.stem, len(segment.contents), segment.torn, segment.damaged,
        )  # fmt: skip
    _put_away(path, damaged=segment.damaged > 0)
    return Delivery(
        batches=int(new),
        records=len(segment.contents) if new else 0,
        torn=int(segment.torn),
        damaged=segment.damaged,
    )


def _checked(segment: Segment) -> Segment:
    """Count what is whole and still no record among the damaged."""
    good = tuple(content for content in segment.contents if _is_record(content))
    strange = len(segment.contents) - len(good)
    return Segment(contents=good, torn=segment.torn, damaged=segment.damaged + strange)


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
    found: list[tuple[float, str, Path]] = []
    for path in folder.iterdir():
        try:
            changed_s = path.stat().st_mtime
        except FileNotFoundError:
            continue  # another deliverer was faster
        if path.suffix == SEGMENT:
            found.append((changed_s, path.name, path))
        elif path.suffix == OPENING and utc_now().timestamp() - changed_s > _ABANDONED_S:
            path.unlink(missing_ok=True)
    return [path for *_, path in sorted(found)]


def _sum(one: Delivery, other: Delivery) -> Delivery:
    return Delivery(**{name: value + vars(other)[name] for name, value in vars(one).items()})
