"""`voxgate campaign`: personalised audio for a list of recipients, checked and recallable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.campaign_recall import add_commands
from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Reason, Root
from flows.reports.campaign import describe_campaign, describe_plan, describe_upload

if TYPE_CHECKING:
    from tasks.campaigns.desk import CampaignDesk
    from voxgate.campaigns.records import Campaign

__all__ = ["app"]

STOPPED = 3
"""Exit status when somebody has to look; 1 is a fault of the command itself."""

Id = Annotated[str, typer.Argument(help="The campaign's name, as its file says it.")]
Who = Annotated[str | None, typer.Option("--by", help="Who decides; goes into the events.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that speak, a core each.", show_default="all cores"),
]

app = typer.Typer(no_args_is_help=True, help="One checked recording for each recipient of a list.")


@app.command()
def create(
    file: Annotated[Path, typer.Argument(help="The campaign file (docs/campaigns.md).")],
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make a campaign of its file, and say what is doubtful about its templates."""
    from flows.reports.campaign import describe_created
    from tasks.campaigns.create import create as make
    from voxgate.campaigns.spec import read_spec

    made = make(_open(root, by), read_spec(file))
    print_answer(made.as_json(), describe_created(made), as_json)


@app.command()
def recipients(
    campaign: Id,
    file: Annotated[Path, typer.Argument(help="CSV or JSON Lines, one recipient a row.")],
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Add a list of recipients; the same list again adds nothing, bad rows are listed."""
    from tasks.campaigns.create import add_recipients

    desk = _open(root, by)
    added = add_recipients(desk, campaign, file)
    print_answer(added.as_json(), describe_upload(added, desk.store, campaign), as_json)


@app.command()
def calibrate(campaign: Id, by: Who = None, root: Root = Path(), as_json: AsJson = False) -> None:
    """Set the limits of the check for the voice, profile and preset that the campaign would use."""
    from flows.reports.campaign import describe_calibration
    from tasks.campaigns.calibrate import calibrate as measure

    found = measure(_open(root, by), campaign)
    print_answer(found.as_json(), describe_calibration(found), as_json)


@app.command()
def plan(
    campaign: Id,
    workers: Workers = None,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Pin what is live and plan every cell: a dry run with sentences, hours, bytes and time."""
    from tasks.campaigns.plan import plan as make_plan

    planned = make_plan(_open(root, by), campaign, workers=workers)
    print_answer(planned.as_json(), describe_plan(planned), as_json)


@app.command()
def start(
    campaign: Id,
    workers: Workers = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the work to `voxgate campaign work`.")
    ] = False,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Speak the proof sample; then somebody hears it and approves."""
    from tasks.campaigns.control import start as begin

    begin(_open(root, by), campaign)
    _go_on(campaign, root, workers, detach=detach, as_json=as_json)


@app.command()
def approve(
    campaign: Id,
    reason: Reason,
    workers: Workers = None,
    detach: Annotated[bool, typer.Option("--detach", help="As for `start`.")] = False,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Let the rest be spoken: you have heard the proof sample."""
    from tasks.campaigns.control import approve as let_go_on

    let_go_on(_open(root, by), campaign, reason=reason)
    _go_on(campaign, root, workers, detach=detach, as_json=as_json)


@app.command()
def resume(
    campaign: Id,
    reason: Reason,
    workers: Workers = None,
    detach: Annotated[bool, typer.Option("--detach", help="As for `start`.")] = False,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Go on with a campaign that was paused or stopped, or whose run has died."""
    from tasks.campaigns.control import resume as go_on

    go_on(_open(root, by), campaign, reason=reason)
    _go_on(campaign, root, workers, detach=detach, as_json=as_json)


@app.command()
def pause(
    campaign: Id, reason: Reason, by: Who = None, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Hand out no further work; what is under way comes to its end."""
    from tasks.campaigns.control import pause as hold

    desk = _open(root, by)
    _show(desk, hold(desk, campaign, reason=reason), as_json)


@app.command()
def cancel(
    campaign: Id, reason: Reason, by: Who = None, root: Root = Path(), as_json: AsJson = False
) -> None:
    """End a campaign; what is stored stays, and `recall` takes it back."""
    from tasks.campaigns.control import cancel as end

    desk = _open(root, by)
    _show(desk, end(desk, campaign, reason=reason), as_json)


@app.command()
def work(
    workers: Workers = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Wait for more when nothing is due, until interrupted.")
    ] = False,
    root: Root = Path(),
) -> None:
    """Work at any campaign that is under way, beside other machines; for a service or a terminal.

    With VOXGATE_BROKER_URL turns come through Redis, and it always waits for more.
    """
    from tasks.campaigns.work import work_at_campaigns

    _log_to_stderr()
    work_at_campaigns(root, workers=workers, follow=follow, say=_say)


@app.command()
def accept(
    campaign: Id,
    sentence: Annotated[str, typer.Argument(help="Its key, as `status` lists it.")],
    reason: Reason,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Let a sentence pass that needed review: you have heard it."""
    from tasks.campaigns.control import accept_sentence

    desk = _open(root, by)
    accept_sentence(desk, campaign, sentence, reason=reason)
    _show(desk, desk.store.campaign(campaign), as_json)


@app.command()
def status(
    campaign: Annotated[str | None, typer.Argument(help="One of them; all without.")] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show how campaigns stand."""
    from flows.reports.campaign import describe_campaigns

    desk = _open(root, None)
    if campaign is not None:
        _show(desk, desk.store.campaign(campaign), as_json)
        return
    found = desk.store.campaigns()
    rows = [{"campaign": one.id, "state": one.state, "why": one.why} for one in found]
    print_answer(rows, describe_campaigns(found), as_json)


@app.command()
def report(campaign: Id, by: Who = None, root: Root = Path(), as_json: AsJson = False) -> None:
    """Write the output table (Parquet, CSV) and the report, whose counts add up."""
    from flows.reports.campaign import describe_output
    from tasks.campaigns.output import write_output

    written = write_output(_open(root, by), campaign)
    print_answer(written.as_json(), describe_output(written), as_json)


@app.command()
def verify(
    campaign: Id,
    folder: Annotated[Path, typer.Argument(help="Tables that `report` wrote, wherever they are.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Tell whether tables are what was recorded for a campaign; exits 1 when they are not."""
    from flows.reports.campaign import describe_verified
    from tasks.campaigns.output import verify_output

    found = verify_output(_open(root, None), campaign, folder)
    print_answer(found.as_json(), describe_verified(found), as_json)
    raise typer.Exit(int(not found.is_recorded))


add_commands(app)


def _go_on(campaign: str, root: Path, workers: int | None, *, detach: bool, as_json: bool) -> None:
    if not detach:
        from flows.environment import prepare_prefect
        from flows.prefect_api import require_api

        prepare_prefect(root)
        require_api()
        from flows.speak_campaign import speak_campaign

        speak_campaign(campaign, root, workers)
    desk = _open(root, None)
    found = desk.store.campaign(campaign)
    _show(desk, found, as_json)
    raise typer.Exit(STOPPED if found.state.value == "stopped" else 0)


def _open(root: Path, by: str | None) -> CampaignDesk:
    from tasks.campaigns.desk import open_campaign_desk

    return open_campaign_desk(root, by=by)


def _show(desk: CampaignDesk, campaign: Campaign, as_json: bool) -> None:
    from tasks.campaigns.show import show

    shown = show(desk, campaign)
    print_answer(shown, describe_campaign(shown), as_json)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
