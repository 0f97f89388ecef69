"""`voxgate listen|votes`: hear a version blind beside what is live, and what came of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.desk_page import hold_page
from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root, Version
from flows.cli.release import open_desk_at

__all__ = ["listen", "votes"]


def listen(
    version: Version,
    by: Annotated[str, typer.Option(help="Who listens; goes into the ledger.")],
    port: Annotated[int, typer.Option(help="Port on loopback; 0 is any free one.")] = 0,
    prompts: Annotated[
        int | None, typer.Option(min=1, help="How many; default: gate.min_votes.")
    ] = None,
    root: Root = Path(),
) -> None:
    """Serve a page on loopback to hear a version blind and vote; until interrupted."""
    from flows.reports.votes import describe_tally
    from tasks.release.listen import count_votes, open_room
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.desk_pages import serve_listening

    checkout = Checkout.open(root)
    desk = checkout.desk
    room = open_room(desk, checkout.params, version, listener=by, limit=prompts)
    beside = "alone" if room.rival is None else f"beside version {room.rival}, blind"
    left_out = f" ({room.unheard} more could not be spoken)" if room.unheard else ""
    hold_page(
        lambda listener, token: serve_listening(room, listener, token=token),
        port=port,
        greeting=f"version {version} {beside}: {len(room.trials)} prompts for {by}{left_out}",
        promise="a vote is kept when it is cast",
    )
    _, problem = desk.follow()
    sys.stdout.write(f"{describe_tally(count_votes(desk, version))}\n")
    if problem is not None:
        sys.stdout.write(f"registry: not reached; the votes stand in the ledger: {problem}\n")


def votes(
    version: Version,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Show what listeners said about a version, and whether it settles the question."""
    from flows.reports.votes import describe_tally
    from tasks.release.listen import count_votes

    counted = count_votes(open_desk_at(root), version)
    print_answer(counted.as_json(), describe_tally(counted), as_json)
