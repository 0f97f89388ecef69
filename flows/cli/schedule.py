"""`voxgate monitor|deploy|worker` and `voxgate schedule check`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from flows.cli.json_output import print_answer
from flows.environment import prepare_environment

if TYPE_CHECKING:
    from flows.monitor_champion import MonitorResult
    from tasks.schedules import Standing
    from voxgate.release.alarms import Alarm

__all__ = ["add_schedule_commands", "app"]

ALARM = 3
"""Exit status when somebody has to look; 1 is a fault of the command itself."""

Root = Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

app = typer.Typer(no_args_is_help=True, help="Did the scheduled runs come?")


def add_schedule_commands(main: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (monitor, deploy, worker):
        main.command()(command)
    main.add_typer(app, name="schedule")


def monitor(
    root: Root = Path(),
    day: Annotated[
        str | None, typer.Option("--date", help="Whose prompts and seeds; default: today, UTC.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the live version, once a day; exits 3 when somebody has to look."""
    prepare_environment(root)
    from flows.monitor_champion import monitor_champion
    from flows.prefect_api import require_api

    require_api()
    state = monitor_champion(root.resolve(), day, return_state=True)
    # The flow returns a state of its own naming; Prefect's types do not see through that.
    result = cast("MonitorResult", state.result())
    print_answer(result.as_json(), _monitor_text(result), as_json)
    raise typer.Exit(ALARM if result.alarms else 0)


def deploy(root: Root = Path()) -> None:
    """Put the schedules of prefect.yaml on the Prefect server; again is the same."""
    prepare_environment(root)
    from flows.deployment import POOL
    from flows.deployment import deploy as put
    from tasks.schedules import read_schedules

    root = root.resolve()
    put(root)
    lines = [f"deployed to the work pool {POOL!r}; start `voxgate worker` in each checkout"]
    schedules = read_schedules(root / "prefect.yaml")
    lines += [f"  {s.name:<12} {s.cron}  {s.timezone}" for s in schedules]
    print_answer([vars(s) for s in schedules], "\n".join(lines), as_json=False)


def worker(
    root: Root = Path(),
    limit: Annotated[int, typer.Option(help="How many flows at a time.")] = 2,
) -> None:
    """Run deployed flows in this checkout, until interrupted."""
    prepare_environment(root)
    from flows.deployment import start_worker

    start_worker(root.resolve(), limit=limit)


@app.command()
def check(
    root: Root = Path(),
    grace_hours: Annotated[float, typer.Option(help="How late a run may end.")] = 12.0,
    as_json: AsJson = False,
) -> None:
    """Compare when scheduled runs were due with when they ended; exits 3 when one is missing."""
    prepare_environment(root)
    from flows.schedule_watch import watch_schedules
    from tasks.release.notifications import raise_alarms
    from voxgate.clock import utc_now
    from voxgate.wiring.checkout import Checkout

    standings = watch_schedules(root.resolve(), now=utc_now(), grace=timedelta(hours=grace_hours))
    desk = Checkout.open(root).desk
    raise_alarms(desk, [s.alarm for s in standings if s.alarm is not None])
    text = "\n".join(map(_standing_line, standings))
    print_answer([standing.as_json() for standing in standings], text, as_json)
    raise typer.Exit(ALARM if any(s.punctuality != "on_time" for s in standings) else 0)


def _standing_line(standing: Standing) -> str:
    alarm = standing.alarm
    if alarm is not None:
        return _alarm_line(alarm)
    if standing.punctuality == "not_deployed":
        return f"{standing.name}: not deployed, and never run here; `voxgate deploy`"
    ended = standing.completed and f"ended {standing.completed.isoformat(timespec='minutes')}"
    return f"{standing.name}: on time, last {ended or 'run still to come'}"


def _monitor_text(result: MonitorResult) -> str:
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
