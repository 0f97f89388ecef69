"""`voxgate outbox send|list|retry`: notifications."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.cli.release import open_desk_at
from flows.reports.outbox import delivery_as_json, describe_delivery

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Notifications: send them, list them, try again.")


@app.command()
def send(root: Root = Path(), as_json: AsJson = False) -> None:
    """Send what is due on every channel; exits 1 when something did not get through."""
    desk = open_desk_at(root)
    problems = desk.notify()
    names = ", ".join(channel.name for channel in desk.channels) or "no channel is set"
    print_answer(
        list(problems), "\n".join(problems) or f"nothing is due any more: {names}", as_json
    )
    raise typer.Exit(int(bool(problems)))


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """Show how every notification stands on every channel."""
    from tasks.release.notifications import standing

    found = standing(open_desk_at(root))
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
    desk = open_desk_at(root)
    count, problems = desk.outbox.retry(key), desk.notify()
    lines = [f"{count} made due again", *problems]
    print_answer({"retried": count, "problems": problems}, "\n".join(lines), as_json)
    raise typer.Exit(int(bool(problems)))
