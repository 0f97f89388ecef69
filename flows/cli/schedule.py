"""`voxgate monitor|deploy|worker` and `voxgate schedule check|retrain|work`."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.environment import prepare_environment, prepare_prefect
from flows.reports.schedule import describe_monitoring, describe_standing
from voxgate.errors import ConfigError

if TYPE_CHECKING:
    from flows.monitor_champion import MonitorResult
    from voxgate.wiring.checkout import Checkout

__all__ = ["app", "deploy", "monitor", "worker"]

ALARM = 3
"""Exit status when somebody has to look; 1 is a fault of the command itself."""

app = typer.Typer(no_args_is_help=True, help="A queue of retrainings; did the scheduled runs come?")


def monitor(
    root: Root = Path(),
    day: Annotated[
        str | None, typer.Option("--date", help="Whose prompts and seeds; default: today, UTC.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Also write the last 90 days as an HTML file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the live version, once a day; exits 3 when somebody has to look."""
    root = _checkout(root).root
    prepare_prefect(root)
    from flows.monitor_champion import monitor_champion
    from flows.prefect_api import require_api

    require_api()
    state = monitor_champion(root, day, return_state=True)
    # The flow returns a state of its own naming; Prefect's types do not see through that.
    result = cast("MonitorResult", state.result())
    if page is not None:
        from tasks.release.drift_page import drift_page
        from voxgate.files import write_text
        from voxgate.wiring.checkout import Checkout

        write_text(page.resolve(), drift_page(Checkout.open(root).desk, result.report.day))
    print_answer(result.as_json(), describe_monitoring(result), as_json)
    raise typer.Exit(ALARM if result.alarms else 0)


def deploy(root: Root = Path()) -> None:
    """Put the schedules of prefect.yaml on the Prefect server; again is the same."""
    checkout = _checkout(root)
    root, voice = checkout.root, checkout.params.gate.model_name
    prepare_prefect(root)
    from flows.deployment import deploy as put
    from flows.deployment import pool_of
    from tasks.schedules import read_schedules
    from voxgate.stage import Workspace

    put(root, voice=voice)
    pool = pool_of(voice)
    lines = [f"deployed to the work pool {pool!r}; keep `voxgate worker` running in this checkout"]
    schedules = read_schedules(Workspace(root).schedules_file)
    lines += [f"  {s.name:<12} {s.cron}  {s.timezone}" for s in schedules]
    print_answer([vars(s) for s in schedules], "\n".join(lines), as_json=False)


def worker(
    root: Root = Path(),
    limit: Annotated[int, typer.Option(help="How many flows at a time.")] = 2,
) -> None:
    """Run deployed flows in this checkout, until interrupted."""
    checkout = _checkout(root)
    prepare_prefect(checkout.root)
    from flows.deployment import start_worker

    start_worker(checkout.root, voice=checkout.params.gate.model_name, limit=limit)


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

    desk = Checkout.open(root).desk
    standings = watch_schedules(
        root.resolve(), voice=desk.model, now=utc_now(), grace=timedelta(hours=grace_hours)
    )
    raise_alarms(desk, [s.alarm for s in standings if s.alarm is not None])
    text = "\n".join(map(describe_standing, standings))
    print_answer([standing.as_json() for standing in standings], text, as_json)
    raise typer.Exit(ALARM if any(s.punctuality != "on_time" for s in standings) else 0)


@app.command()
def retrain(
    checkouts: Annotated[list[Path], typer.Argument(help="Folders of this machine.")],
    cron: Annotated[
        str | None, typer.Option(help="Retrain by this schedule; default: once, now.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Of the schedule.")] = "UTC",
    as_json: AsJson = False,
) -> None:
    """Queue a retraining of each checkout; as many run at a time as there are places to train."""
    opened = [_checkout(root) for root in checkouts]
    prepare_prefect(opened[0].root)
    from prefect.client.schemas.schedules import CronSchedule

    from flows.retraining_queue import enqueue, queue_pool

    host, places = _places(opened[0])
    try:
        schedule = None if cron is None else CronSchedule(cron=cron, timezone=timezone)
    except ValueError as error:
        raise ConfigError("--cron", [f"{cron!r} in {timezone!r} is no schedule"]) from error
    queued = enqueue(opened, host=host, places=places, schedule=schedule)
    lines = [f"{queue_pool(host)}: {places} at a time; keep `voxgate schedule work` running"]
    lines += [f"  {one.model:<20} {one.run or cron}  {one.root}" for one in queued]
    print_answer([one.as_json() for one in queued], "\n".join(lines), as_json)


@app.command()
def work(root: Root = Path()) -> None:
    """Run the queue of this machine, until interrupted; one is enough for all its checkouts."""
    checkout = _checkout(root)
    prepare_prefect(checkout.root)
    from flows.retraining_queue import start_queue_worker

    host, places = _places(checkout)
    start_queue_worker(checkout.root, host=host, places=places)


def _places(checkout: Checkout) -> tuple[str, int]:
    """Return how this machine is called, and how many trainings it has places for."""
    from flows.training_places import host_name, training_places

    return host_name(checkout.settings), len(training_places(checkout.settings, os.environ))


def _checkout(root: Path) -> Checkout:
    """Return a checkout whose parameters and settings are sound."""
    prepare_environment(root)
    from voxgate.wiring.checkout import Checkout

    return Checkout.open(root)
