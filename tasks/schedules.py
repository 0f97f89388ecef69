"""When a scheduled flow should have run, and whether it did: pure, but for reading prefect.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from voxgate.errors import ConfigError
from voxgate.excerpts import excerpt
from voxgate.release.alarms import Alarm
from voxgate.strict_yaml import read_yaml

__all__ = ["GRACE", "Punctuality", "Schedule", "Seen", "Standing", "judge", "read_schedules"]

GRACE = timedelta(hours=12)
"""How late a run may end: a retraining takes hours, and a worker may be restarted."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A deployment of prefect.yaml that runs by itself."""

    name: str
    cron: str
    timezone: str

    def last_due(self, before: datetime) -> datetime:
        """Return the last time not after `before` at which a run was due."""
        minute = before.astimezone(ZoneInfo(self.timezone)).replace(second=0, microsecond=0)
        # In reverse CronSim answers what is strictly before.
        return next(CronSim(self.cron, minute + timedelta(minutes=1), reverse=True))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is known of a deployment. `completed` is when a run last ended with a result.

    `deployed_at` is None where Prefect does not have it. `obstacle` says what keeps it from
    running, as far as Prefect tells.
    """

    completed: datetime | None = None
    deployed_at: datetime | None = None
    obstacle: str | None = None


class Punctuality(StrEnum):
    """How a schedule stands."""

    ON_TIME = "on_time"
    LATE = "late"
    NOT_DEPLOYED = "not_deployed"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A schedule of a voice at a time. `due` is the run that is judged."""

    voice: str
    name: str
    punctuality: Punctuality
    due: datetime
    completed: datetime | None
    obstacle: str | None = None

    @property
    def alarm(self) -> Alarm | None:
        """The alarm of a run that did not come."""
        if self.punctuality is not Punctuality.LATE:
            return None
        last = self.completed
        ended = "no run has ended yet" if last is None else f"the last run ended at {_text(last)}"
        return Alarm(
            key=f"schedule.{self.voice}.{self.name}.{self.due.astimezone(UTC):%Y-%m-%dT%H%MZ}",
            subject=f"{self.voice}: the scheduled run of {self.name!r} is missing",
            text=f"it was due at {_text(self.due)}; {ended}. "
            + (self.obstacle or "Prefect knows of no obstacle: look at its runs in the UI."),
        )

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        times = {"due": _text(self.due), "completed": self.completed and _text(self.completed)}
        alarm = self.alarm
        return {**asdict(self), **times, "alarm": None if alarm is None else asdict(alarm)}


def read_schedules(path: Path) -> tuple[Schedule, ...]:
    """Read the deployments of prefect.yaml that have a cron schedule.

    Raises:
        ConfigError: the file is absent, or a schedule in it cannot be understood; all are listed.
    """
    try:
        document = read_yaml(path)
    except FileNotFoundError:
        raise ConfigError(str(path), ["the file is missing: it says what runs when"]) from None
    faults: list[str] = []
    if not isinstance(document, dict | None):
        faults.append(f"expected a mapping with `deployments`, got {excerpt(document)}")
        document = None
    found = tuple(_schedules(document or {}, faults))
    if faults:
        raise ConfigError(str(path), faults)
    return found


def judge(
    schedule: Schedule, seen: Seen, *, voice: str, now: datetime, grace: timedelta = GRACE
) -> Standing:
    """Compare when a run was due with when one last ended; `grace` is how late it may be.

    `voice` names the registered model: several share one outbox, and each is told of.
    """
    due = schedule.last_due(now - grace)
    came = seen.completed is not None and seen.completed >= due
    young = seen.deployed_at is not None and seen.deployed_at > due
    unused = seen.completed is None and seen.deployed_at is None and seen.obstacle is None
    if came or young:
        punctuality = Punctuality.ON_TIME
    else:
        punctuality = Punctuality.NOT_DEPLOYED if unused else Punctuality.LATE
    return Standing(
        voice=voice,
        name=schedule.name,
        punctuality=punctuality,
        due=due,
        completed=seen.completed,
        obstacle=seen.obstacle,
    )


def _schedules(document: dict[str, Any], faults: list[str]) -> Iterator[Schedule]:
    for place, deployment in _mappings(document, "deployments", "prefect.yaml", faults):
        name = deployment.get("name")
        if not isinstance(name, str) or not name:
            faults.append(f"{place}: expected a name, got {excerpt(name)}")
            continue
        for where, entry in _mappings(deployment, "schedules", name[:60], faults):
            cron, zone = entry.get("cron"), entry.get("timezone", "UTC")
            try:
                CronSim(str(cron), datetime(2026, 1, 1, tzinfo=ZoneInfo(str(zone))))
            except (CronSimError, KeyError, ValueError, OSError) as error:
                shown = f"cron {excerpt(cron)} in {excerpt(zone)}"
                faults.append(f"{where}: {shown} is no schedule ({str(error)[:80]})")
                continue
            yield Schedule(name=name, cron=str(cron), timezone=str(zone))


def _mappings(
    parent: dict[str, Any], key: str, where: str, faults: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings that the list `key` of `parent` holds, each with its place."""
    items = parent.get(key)
    if not isinstance(items, list | None):
        faults.append(f"{where}: expected a list {key!r}, got {excerpt(items)}")
        return
    for number, item in enumerate(items or (), start=1):
        place = f"{where}: {key} {number}"
        if isinstance(item, dict):
            yield place, item
        else:
            faults.append(f"{place}: expected a mapping, got {excerpt(item)}")


def _text(time: datetime) -> str:
    return time.isoformat(timespec="minutes")
