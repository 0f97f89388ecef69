"""`monitor_champion`: once a day, is the live version still what was released?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.prefect_api import is_transient
from flows.schedule_watch import watch_schedules
from tasks.heartbeat import leave_heartbeat
from tasks.measuring.observe import Observer
from tasks.release.monitor import MonitorReport, monitor, parse_day
from tasks.release.notifications import raise_alarms
from tasks.release.trial import check_trial
from voxgate.clock import utc_now
from voxgate.release.alarms import Alarm
from voxgate.stage import Workspace
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.trials import open_tallies

__all__ = ["MonitorResult", "monitor_champion"]

DEPLOYMENT = "monitor"


@dataclass(frozen=True, kw_only=True)
class MonitorResult:
    """How a run ended; `alarms` are of the live version, of a trial, and of missing runs."""

    report: MonitorReport
    alarms: tuple[Alarm, ...]

    @property
    def standing(self) -> str:
        """Name the result in one word or two."""
        report = self.report
        if report.left:
            return "Rolled back"
        check = None if report.live is None else report.checks.get(report.live)
        return "Nothing live" if check is None else check.health.value.title()

    def as_json(self) -> dict[str, Any]:
        """Return JSON values."""
        alarms = [vars(alarm) for alarm in self.alarms]
        return {**self.report.as_json(), "standing": self.standing, "alarms": alarms}


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def check_champion(root: Path, day: date) -> MonitorReport:
    """Measure what is live, enter it, and go back where it failed too often; again is the same."""
    checkout = Checkout.open(root)
    desk = checkout.desk
    return monitor(desk, day=day, measure=Observer(desk=desk, params=checkout.params))


@task(retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=is_transient)
def check_challenger(root: Path) -> tuple[Alarm, ...]:
    """Look at the version on trial, and end its trial where it is proved worse; again is the same.

    `voxgate trial check` does the same in between, as often as one likes.
    """
    checkout = Checkout.open(root)
    return check_trial(checkout.desk, open_tallies(checkout.settings, root)).alarms


@flow(name="monitor-champion", persist_result=False)
def monitor_champion(root: Path = Path(), day: str | None = None) -> State[MonitorResult]:
    """Check the live version, and whether scheduled runs are missing.

    Args:
        root: the checkout.
        day: whose prompts and seeds are spoken; empty is today, UTC. The same day is the same run.

    Raises:
        LockHeldError: another monitor is at work, on whatever machine.
        ExternalServiceError: the registry stayed away; nothing is half done.
    """
    root = root.resolve()
    report = check_champion(root, parse_day(day))
    alarms = (*report.alarms, *check_challenger(root), *_missing_runs(root))
    result = MonitorResult(report=report, alarms=alarms)
    _tell(root, result.alarms)
    leave_heartbeat(root, DEPLOYMENT, now=utc_now())
    message = f"live: {'nothing' if report.live is None else f'version {report.live}'}"
    return Completed(name=result.standing, message=message, data=result)


def _missing_runs(root: Path) -> list[Alarm]:
    """Return the alarms of other schedules: this one is just running."""
    if not Workspace(root).schedules_file.is_file():
        return []
    voice = Checkout.open(root).params.gate.model_name
    standings = watch_schedules(root, voice=voice, now=utc_now())
    alarms = [standing.alarm for standing in standings if standing.name != DEPLOYMENT]
    return [alarm for alarm in alarms if alarm is not None]


def _tell(root: Path, alarms: Sequence[Alarm]) -> None:
    for problem in raise_alarms(Checkout.open(root).desk, alarms):
        get_run_logger().warning("%s", problem)
    for alarm in alarms:
        get_run_logger().error("%s: %s", alarm.subject, alarm.text)
    if alarms:
        lines = [f"- **{alarm.subject}**: {alarm.text}" for alarm in alarms]
        create_markdown_artifact(key="alarms", markdown="\n".join(lines))
