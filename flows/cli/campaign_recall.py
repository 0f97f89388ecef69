"""`voxgate campaign recall|redo|erase`: take back what was delivered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, DryRun, Reason, Root

if TYPE_CHECKING:
    from tasks.campaigns.desk import CampaignDesk

__all__ = ["add_commands"]

UNFINISHED = 3
"""Exit status when a step failed after the rows were written: the same command goes on."""

Who = Annotated[str | None, typer.Option("--by", help="Who decides; goes into the events.")]
CampaignOption = Annotated[str | None, typer.Option("--campaign", help="A campaign.")]
ModelVersion = Annotated[
    int | None, typer.Option("--model-version", help="A version; it is quarantined too.")
]
Profile = Annotated[str | None, typer.Option(help="A speaker profile: NAME, or NAME@VERSION.")]
Consent = Annotated[str | None, typer.Option(help="The digest of a consent record.")]
Preset = Annotated[str | None, typer.Option(help="A preset: NAME@VERSION.")]
Code = Annotated[str | None, typer.Option(help="The digest of the code that spoke.")]
Asset = Annotated[str | None, typer.Option(help="One file, by the id in its address.")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to those of campaigns."""
    for command in (recall, redo, erase):
        app.command()(command)


def recall(  # noqa: PLR0913, PLR0917  # the options of the command
    reason: Annotated[
        str, typer.Option(help="Why; goes into the events. A dry run needs none.")
    ] = "",
    model_version: ModelVersion = None,
    profile: Profile = None,
    consent: Consent = None,
    preset: Preset = None,
    campaign: CampaignOption = None,
    code: Code = None,
    asset: Asset = None,
    dry_run: DryRun = False,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Call back every file of what is named; the same again finishes what a fault left."""
    from flows.reports.recall import describe_recall
    from tasks.campaigns.recall import make_selector
    from tasks.campaigns.recall import recall as call_back

    desk = _open(root, by)
    given = _given(model_version, profile, consent, preset, campaign, code, asset)
    found = call_back(desk, make_selector(desk, **given), reason=reason, dry_run=dry_run)
    print_answer(found.as_json(), describe_recall(found), as_json)
    raise typer.Exit(UNFINISHED if found.faults else 0)


def redo(  # noqa: PLR0913, PLR0917  # the options of the command
    model_version: ModelVersion = None,
    profile: Profile = None,
    consent: Consent = None,
    preset: Preset = None,
    campaign: CampaignOption = None,
    code: Code = None,
    asset: Asset = None,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make drafts that say again what a recall took, where it would sound otherwise now."""
    from flows.reports.recall import describe_redo
    from tasks.campaigns.recall import make_selector
    from tasks.campaigns.recall import redo as say_again

    desk = _open(root, by)
    given = _given(model_version, profile, consent, preset, campaign, code, asset)
    found = say_again(desk, make_selector(desk, **given))
    print_answer(found.as_json(), describe_redo(found), as_json)


def erase(
    recipient: Annotated[str, typer.Argument(help="The recipient's id, as the list had it.")],
    reason: Reason,
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="One campaign; all of them without.")
    ] = None,
    by: Who = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Forget a recipient: values, and every file that only their cells had."""
    from flows.reports.recall import describe_erasure
    from tasks.campaigns.recall import erase as forget

    found = forget(_open(root, by), recipient, campaign_id=campaign, reason=reason)
    print_answer(found.as_json(), describe_erasure(found), as_json)
    raise typer.Exit(UNFINISHED if found.faults else 0)


def _given(  # the options of the commands
    version: int | None,
    profile: str | None,
    consent: str | None,
    preset: str | None,
    campaign: str | None,
    code: str | None,
    asset: str | None,
) -> dict[str, Any]:
    return {
        "version": version,
        "profile": profile,
        "consent": consent,
        "preset": preset,
        "campaign": campaign,
        "code": code,
        "asset": asset,
    }


def _open(root: Path, by: str | None) -> CampaignDesk:
    from tasks.campaigns.desk import open_campaign_desk

    return open_campaign_desk(root, by=by)
