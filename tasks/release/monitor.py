"""`monitor`: check what is live, once a day, and leave it when it has failed twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tasks.release.promote import roll_back_by_policy
from voxgate.clock import utc_now
from voxgate.errors import ConfigError, ExternalServiceError, RegistryError
from voxgate.release.alarms import Alarm
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.events import Draft
from voxgate.release.health import Check
from voxgate.release.monitoring import find_alarms, is_measured, plan_retreat, record_check
from voxgate.release.ports.leases import Lease
from voxgate.release.records import Release

__all__ = ["Measure", "MonitorReport", "monitor", "parse_day"]

Measure = Callable[[Release, date], Check]
"""Measures a release on the prompts and seeds of a day; twice is the same."""


@dataclass(frozen=True, kw_only=True)
class MonitorReport:
    """How the day stands. `checks` are by version, whoever entered them.

    `measured` are the versions that this run measured, `left` those that it left by a rollback;
    both are empty when an earlier run of the day has done everything.
    """

    day: date
    live: int | None
    checks: dict[int, Check]
    measured: tuple[int, ...]
    left: tuple[int, ...]
    alarms: tuple[Alarm, ...]
    registry: tuple[str, ...] = ()
    """Hand edits that wait for a decision, or why the registry could not be reached."""

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        checks = {str(version): check.as_facts() for version, check in self.checks.items()}
        return {**asdict(self), "day": self.day.isoformat(), "checks": checks}


def monitor(desk: Desk, *, day: date, measure: Measure) -> MonitorReport:
    """Finish what a killed run left, measure what is live, go back if it failed too often.

    After a rollback the version that is live then is measured too. A measurement of the day that
    is in the ledger is not made again; a HOLD is tried again.

    Raises:
        LockHeldError: another monitor is at work, on whatever machine.
        LeaseLostError: this one was paused, and another one took over.
        ConfigError: the day is still to come.
        ReleaseConflictError: somebody released a version in the middle; run again.
        ExternalServiceError: ledger or registry could not be reached; nothing is half done.
    """
    if day > utc_now().date():
        raise ConfigError("--date", [f"{day} is still to come"])
    measured: list[int] = []
    left: list[int] = []
    with desk.leases.hold(f"monitor:{desk.model}", purpose="monitor-champion") as lease:
        while (release := _next(desk, day, left, measured)) is not None:
            check = measure(release, day)
            _record(desk, lease, release.version, check)
            measured.append(release.version)
        by_hand, problem = desk.follow()
        if problem is None:
            by_hand += _altered_files(desk)
    book = desk.ledger.read(desk.model)
    return MonitorReport(
        day=day,
        live=book.live,
        checks=_checks_of(book, day),
        measured=tuple(measured),
        left=tuple(left),
        alarms=find_alarms(book, day),
        registry=by_hand if problem is None else (problem,),
    )


def _altered_files(desk: Desk) -> tuple[str, ...]:
    try:
        found = desk.connect().examine_files(desk.ledger, desk.model)
    except (ExternalServiceError, RegistryError) as error:
        return (str(error),)
    return tuple(drift.message for drift in found)


def parse_day(text: str | None) -> date:
    """Return the day that a command names; without one it is today, UTC.

    Raises:
        ConfigError: it is no date.
    """
    if text is None:
        return utc_now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError("--date", [f"expected 2026-11-22, got {text!r}"]) from None


def _next(desk: Desk, day: date, left: list[int], measured: list[int]) -> Release | None:
    """Go back as far as failures ask for; return the live version if it is still to be measured."""
    book = desk.ledger.read(desk.model)
    while (
        desk.policy.automatic_rollback
        and (retreat := plan_retreat(book)) is not None
        and retreat.to is not None
    ):
        roll_back_by_policy(desk, retreat)
        left.append(retreat.leaving)
        book = desk.ledger.read(desk.model)
    if book.live is None or book.live in measured:
        return None
    release = book.releases[book.live]
    return None if is_measured(release, day) else release


def _record(desk: Desk, lease: Lease, version: int, check: Check) -> None:
    def entry(book: Book, _now: datetime) -> Draft | None:
        lease.assert_held()  # whoever was paused and overtaken measured for nothing
        return record_check(book, version, check)

    desk.append(entry)


def _checks_of(book: Book, day: date) -> dict[int, Check]:
    return {
        version: release.last_check
        for version, release in sorted(book.releases.items())
        if release.last_check is not None and release.last_check.day == day
    }
