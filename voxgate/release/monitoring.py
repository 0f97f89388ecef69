"""What follows from the checks of the live version: pure, from the ledger alone.

A quality failure counts from the day on which the version became live (again). An `ok` ends the
count. A HOLD neither counts nor ends it, because it says nothing about the voice: failed, HOLD,
failed are two consecutive failures. It is never silent: every HOLD raises its own alarm, which says
where the count stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from voxgate.errors import ReleaseError
from voxgate.release.alarms import Alarm
from voxgate.release.book import Book
from voxgate.release.drift import find_drift
from voxgate.release.events import Draft, Event, Kind
from voxgate.release.health import Check, Health
from voxgate.release.policy import MONITOR_ACTOR
from voxgate.release.records import Release

__all__ = [
    "MAX_FAILURES",
    "Retreat",
    "find_alarms",
    "is_measured",
    "plan_retreat",
    "record_check",
]

MAX_FAILURES = 2
"""Consecutive quality failures that take a version down: one may be chance, two hardly."""


@dataclass(frozen=True, kw_only=True)
class Retreat:
    """Leave `leaving`; `to` is None where there is no good version to go back to."""

    leaving: int
    to: int | None
    reason: str


def is_measured(release: Release, day: date) -> bool:
    """Tell whether the version's measurement of `day` stands; a HOLD may be tried again."""
    last = release.last_check
    return last is not None and last.day == day and last.health is not Health.HOLD


def record_check(book: Book, version: int, check: Check) -> Draft | None:
    """Enter a check; None when the day's measurement, or its HOLD, is entered already.

    Raises:
        UnknownVersionError: there is no such version.
        ReleaseError: the version was checked on a later day before.
    """
    release = book.require(version)
    last = release.last_check
    if last is not None and check.day < last.day:
        raise ReleaseError(
            f"version {version} was checked for {last.day} already; an earlier day ({check.day}) "
            "cannot follow: what is consecutive would no longer be clear"
        )
    same_day = last is not None and last.day == check.day
    if is_measured(release, check.day) or (same_day and check.health is Health.HOLD):
        return None
    reason = f"{check.health.value} on {check.day}"
    if check.reasons:
        reason += f": {check.reasons[0]}"
    return book.draft(
        Kind.MONITORED, version, by=MONITOR_ACTOR, reason=reason, facts=check.as_facts()
    )


def plan_retreat(book: Book) -> Retreat | None:
    """Return where to go when the live version has failed too often; None when it has not."""
    release = _live(book)
    last = None if release is None else release.last_check
    if release is None or last is None or release.failures < MAX_FAILURES:
        return None
    if last.health is not Health.FAILED:  # never on the strength of a HOLD
        return None
    return Retreat(
        leaving=release.version,
        to=book.previous,
        reason=f"{release.failures} consecutive quality failures, the last on {last.day}",
    )


def find_alarms(book: Book, day: date) -> tuple[Alarm, ...]:
    """Return everything that people must know of `day`.

    It is found in the ledger and not in what a run did, so that a run which was killed before it
    could tell anybody is made up for by the next one.
    """
    return tuple(_alarms(book, day))


def _alarms(book: Book, day: date) -> Iterator[Alarm]:
    left = _left_by_monitor(book, day)
    if left is not None:
        yield from _check_alarm(book, left)
        yield _rolled_back(book, left)
    live = _live(book)
    if live is None or not _checked_on(live, day):
        return
    yield from _check_alarm(book, live)
    if live.last_check is not None and live.last_check.health is Health.OK:
        yield from find_drift(book.model, live, day)
    retreat = plan_retreat(book)
    if retreat is not None:
        yield _stuck(book, retreat, day)


def _live(book: Book) -> Release | None:
    return None if book.live is None else book.releases[book.live]


def _left_by_monitor(book: Book, day: date) -> Release | None:
    """Return the version that an automatic rollback left on `day`, or for its check of `day`."""
    change: Event | None = book.last_change
    if change is None or change.kind is not Kind.ROLLED_BACK or change.actor != MONITOR_ACTOR:
        return None
    left = book.releases[change.facts["replaced"]]
    return left if change.at.date() == day or _checked_on(left, day) else None


def _checked_on(release: Release, day: date) -> bool:
    return release.last_check is not None and release.last_check.day == day


def _check_alarm(book: Book, release: Release) -> Iterator[Alarm]:
    check = release.last_check
    if check is None or check.health is Health.OK:
        return
    what = {
        Health.FAILED: f"failed its check ({release.failures} of {MAX_FAILURES})",
        Health.HOLD: f"could not be checked (failures before: {release.failures})",
    }[check.health]
    subject = f"{book.model} version {release.version} {what} on {check.day}"
    key = f"{book.model}.{release.version}.{check.day}.{check.health.value}"
    yield Alarm(key=key, subject=subject, text="\n".join(check.reasons))


def _rolled_back(book: Book, left: Release) -> Alarm:
    assert book.last_change is not None
    return Alarm(
        key=f"{book.model}.{left.version}.{book.last_change.sequence}.rolled-back",
        subject=f"{book.model} was rolled back from version {left.version} to "
        f"{book.last_change.version}",
        text=f"{book.last_change.reason}. `voxgate audit log` shows the checks. When the cause is "
        f"found, `voxgate rollback --to {left.version}` brings the version back, or "
        f"`voxgate quarantine {left.version}` bans it.",
    )


def _stuck(book: Book, retreat: Retreat, day: date) -> Alarm:
    if retreat.to is None:
        todo = (
            "There is no earlier good version to go back to, so it is still live. To take it down: "
            f"`voxgate quarantine {retreat.leaving} --by YOU --reason WHY`."
        )
    else:
        todo = (
            "It is still live (gate.rollback_policy is person). To go back to version "
            f"{retreat.to}: `voxgate rollback --to {retreat.to} --by YOU --reason WHY`."
        )
    return Alarm(
        key=f"{book.model}.{retreat.leaving}.{day}.must-go-back",
        subject=f"{book.model} version {retreat.leaving} is live and has failed",
        text=f"{retreat.reason}. {todo}",
    )
