"""`voxgate trial start|stop|status|check`: a version on real requests before it is live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, By, Reason, Root, Version
from flows.cli.release import open_desk_at, report
from flows.reports.trial import describe_trial

if TYPE_CHECKING:
    from tasks.release.trial import TrialReport
    from voxgate.release.ports.tallies import Tallies

__all__ = ["app"]

ALARM = 3
"""Exit status when somebody has to look; 1 is a fault of the command itself."""

app = typer.Typer(no_args_is_help=True, help="Try a version on real requests before it is live.")


@app.command()
def start(  # noqa: PLR0913, PLR0917  # the options of the command
    version: Version,
    by: By,
    reason: Reason,
    canary_per_mille: Annotated[
        int, typer.Option(help="Requests that it answers, of 1000; needs an approval.")
    ] = 0,
    shadow_per_mille: Annotated[
        int, typer.Option(help="Requests that it also speaks, unheard, of 1000.")
    ] = 0,
    days: Annotated[int, typer.Option(help="When it ends by itself.")] = 7,
    evidence: Annotated[
        str | None, typer.Option(help="Digest of the evidence you saw; its beginning is enough.")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Put a version on trial; with a canary it is approved first, and not yet made live."""
    from tasks.release.trial import start as begin
    from voxgate.release.trial_rules import TrialPlan

    plan = TrialPlan(
        version=version,
        by=by,
        reason=reason,
        canary_per_mille=canary_per_mille,
        shadow_per_mille=shadow_per_mille,
        days=days,
    )
    report(begin(open_desk_at(root), plan, evidence=evidence), as_json)


@app.command()
def stop(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """End a trial; the service stops with its next look at the ledger."""
    from tasks.release.trial import stop as end

    report(end(open_desk_at(root), version, by=by, reason=reason), as_json)


@app.command()
def status(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show the last trial, what was counted, and what follows from it."""
    from tasks.release.trial import trial_status

    _print(trial_status(open_desk_at(root), _open_tallies(root)), as_json)


@app.command()
def check(root: Root = Path(), as_json: AsJson = False) -> None:
    """Look at the trial as often as you like: alarms, and the end of a canary that is worse."""
    from tasks.release.trial import check_trial

    found = check_trial(open_desk_at(root), _open_tallies(root))
    _print(found, as_json)
    raise typer.Exit(ALARM if found.alarms else 0)


def _open_tallies(root: Path) -> Tallies:
    from voxgate.settings import load_settings
    from voxgate.wiring.trials import open_tallies

    return open_tallies(load_settings(), root.resolve())


def _print(found: TrialReport, as_json: bool) -> None:
    print_answer(found.as_json(), describe_trial(found), as_json)
