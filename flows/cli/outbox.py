"""`voxgate outbox send|list|retry`: notifications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.release import AsJson, Root, open_desk_at

if TYPE_CHECKING:
    from voxgate.release.outbox import Delivery

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
    lines = [_line(delivery) for delivery in found] or ["nothing to tell, or no channel is set"]
    print_answer([_json(delivery) for delivery in found], "\n".join(lines), as_json)


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


def _json(delivery: Delivery) -> dict[str, object]:
    notice = delivery.notice
    return {
        **vars(delivery),
        "notice": {**vars(notice), "at": notice.at.isoformat()},
        "next_at": delivery.next_at.isoformat(),
    }


def _line(delivery: Delivery) -> str:
    notice = delivery.notice
    text = f"{delivery.channel:<8} {delivery.state:<9} {notice.key}  {notice.subject}"
    if delivery.state == "delivered" or not delivery.attempts:
        return text
    more = "" if delivery.state == "dead" else f", next {delivery.next_at:%Y-%m-%d %H:%M} UTC"
    return f"{text}\n         attempt {delivery.attempts}{more}: {delivery.error}"
