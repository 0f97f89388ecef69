"""`voxgate audit`: what happened, what was live at a time, and is the ledger as it was written?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.reports.audit import describe_events, describe_moment, describe_verification

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="What happened, what was live when, and is the ledger intact?"
)


@app.command()
def log(root: Root = Path(), as_json: AsJson = False) -> None:
    """List every event, oldest first."""
    from tasks.release.audit import read_log

    events = read_log(root)
    print_answer(events, describe_events(events), as_json)


@app.command()
def at(
    time: Annotated[str, typer.Argument(help="ISO time; without a zone it is UTC.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Say what was live at a time: its digests, who decided, on which evidence."""
    from tasks.release.audit import what_was_live

    answer = what_was_live(root, time)
    print_answer(answer, describe_moment(answer), as_json)


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="SEQUENCE:DIGEST that you remember; `verify` prints it.")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Check every row of the ledger; exits 1 when one was altered, removed or moved."""
    from tasks.release.audit import verify_ledger

    result = verify_ledger(root, head)
    print_answer(result, describe_verification(result), as_json)
    raise typer.Exit(int(bool(result["findings"])))


@app.command()
def clock(
    by: Annotated[str, typer.Option(help="Who says so.")],
    reason: Annotated[str, typer.Option(help="How the wrong time came about.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Record that this clock is right and the last event was stamped by a wrong one."""
    from tasks.release.audit import correct_clock

    sequence = correct_clock(root, by=by, reason=reason)
    print_answer(
        {"event": sequence}, f"recorded as event {sequence}; time goes on from here", as_json
    )
