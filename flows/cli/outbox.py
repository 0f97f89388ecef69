"""`voxgate outbox send|list|retry`: notifications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.reports.outbox import delivery_as_json, describe_delivery

if TYPE_CHECKING:
    from voxgate.release.desk import Desk

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Notifications: send them, list them, try again.")


@app.command()
def send(root: Root = Path(), as_json: AsJson = False) -> None:
    """Send what is due on every channel; exits 1 when something did not get through."""
    desk, problems = _open_told(root)
    problems += desk.notify()
    names = ", ".join(channel.name for channel in desk.channels) or "no channel is set"
    print_answer(
        list(problems), "\n".join(problems) or f"nothing is due any more: {names}", as_json
    )
    raise typer.Exit(int(bool(problems)))


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show how every notification stands on every channel."""
    from tasks.campaigns.notices import new_notices
    from tasks.release.notifications import standing
    from voxgate.wiring.campaign_rows import open_campaign_store
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    campaigns = open_campaign_store(checkout.settings, checkout.root)
    found = standing(checkout.desk, new_notices(checkout.desk, campaigns))
    lines = [describe_delivery(delivery) for delivery in found] or [
        "nothing to tell, or no channel is set"
    ]
    print_answer([delivery_as_json(delivery) for delivery in found], "\n".join(lines), as_json)


@app.command()
def retry(
    key: Annotated[str | None, typer.Argument(help="Only this one; default: all.")] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Try again at once what waits or was given up; exits 1 when something did not get through."""
    desk, problems = _open_told(root)
    count = desk.outbox.retry(key)
    problems += desk.notify()
    lines = [f"{count} made due again", *problems]
    print_answer({"retried": count, "problems": problems}, "\n".join(lines), as_json)
    raise typer.Exit(int(bool(problems)))


def _open_told(root: Path) -> tuple[Desk, tuple[str, ...]]:
    """Open the desk with what campaigns have to tell in its outbox; problems of that beside it."""
    from tasks.campaigns.notices import tell_campaigns
    from voxgate.wiring.checkout import Checkout

    checkout = Checkout.open(root)
    return checkout.desk, tell_campaigns(checkout)
