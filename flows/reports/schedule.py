"""How scheduled runs stand and what the daily check found, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.monitor_champion import MonitorResult
    from tasks.schedules import Standing
    from voxgate.release.alarms import Alarm

__all__ = ["describe_monitoring", "describe_standing"]


def describe_standing(standing: Standing) -> str:
    """Return whether the last run of a schedule came, in one line, or its alarm."""
    alarm = standing.alarm
    if alarm is not None:
        return _alarm_line(alarm)
    if standing.punctuality == "not_deployed":
        return f"{standing.name}: not deployed, and never run here; `voxgate deploy`"
    ended = standing.completed and f"ended {standing.completed.isoformat(timespec='minutes')}"
    return f"{standing.name}: on time, last {ended or 'run still to come'}"


def describe_monitoring(result: MonitorResult) -> str:
    """Return what is live, its health and figures beside those of its release, and the alarms."""
    report = result.report
    live = "nothing is live" if report.live is None else f"live: version {report.live}"
    lines = [f"{report.day}: {result.standing}; {live}"]
    for version, found in report.checks.items():
        again = "" if version in report.measured else " (measured before)"
        lines.append(f"version {version}: {found.health.value}{again}")
        names = found.figures.get("today", {})
        lines += [f"  {name:<18} {_figure(found.figures, name)}" for name in names]
    lines += [f"registry: {message}" for message in report.registry]
    return "\n".join([*lines, *map(_alarm_line, result.alarms)])


def _figure(figures: Mapping[str, Any], name: str) -> str:
    today, release = figures["today"][name], figures["release"][name]
    span = f"[{today['low']:.3f}, {today['high']:.3f}]"
    return f"{today['point']:.3f} {span}, as released {release['point']:.3f}"


def _alarm_line(alarm: Alarm) -> str:
    return "\n      ".join([f"ALARM {alarm.subject}", *alarm.text.splitlines()])
