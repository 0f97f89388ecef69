"""`voxgate audit`: what happened, what was live at a time, and is the ledger as it was written?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="What happened, what was live when, and is the ledger intact?"
)


@app.command()
def log(root: Root = Path(), as_json: AsJson = False) -> None:
    """List every event, oldest first."""
    from tasks.release.audit import read_log

    events = read_log(root)
    lines = [
        f"{event['sequence']:>5}  {_clock(event['at'])}  {event['kind']:<12} "
        f"{event['model']} {event['version'] or '-'}  by {event['actor']}: {event['reason']}"
        for event in events
    ]
    print_answer(events, "\n".join(lines) or "nothing has happened yet", as_json)


@app.command()
def at(
    time: Annotated[str, typer.Argument(help="ISO time; without a zone it is UTC.")],
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Say what was live at a time: its digests, who decided, on which evidence."""
    from tasks.release.audit import what_was_live

    answer = what_was_live(root, time)
    print_answer(answer, _describe(answer), as_json)


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
    lines = [f"NOT VERIFIED: {f['code']}: {f['message']}" for f in result["findings"]]
    compared = ", ".join(result["compared_with"]) or "no remembered head"
    lines.append(f"{result['events']} events, head {result['head']}, compared with {compared}")
    if not result["findings"]:
        lines[-1] = f"verified: {lines[-1]}"
    print_answer(result, "\n".join(lines), as_json)
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


def _describe(answer: dict[str, Any]) -> str:
    live = answer["live"]
    notes = [
        f"  note: {event['actor']} corrected the clock (event {event['sequence']}: "
        f"{event['reason']}); what was stamped later than {_clock(event['at'])} counts from there"
        for event in answer["clock_corrections"]
    ]
    if live is None:
        nothing = f"{_clock(answer['at'])}: nothing was live ({answer['events']} events until then)"
        return "\n".join([nothing, *notes])
    digests = live["digests"]
    approval = live["approval"]
    lines = [
        f"{_clock(answer['at'])}: {answer['model']} version {live['version']}, "
        f"for {live['scope']}, verdict {live['verdict']}",
        *(f"  {name:<10} {digests[name]}" for name in ("model", "data", "clips", "lexicon")),
        *(f"  {name:<10} {digests[name]}" for name in ("benchmark", "evidence", "verdict")),
        *(f"  evaluator  {role}: {digest}" for role, digest in digests["evaluators"].items()),
        f"  trained by {live['trained_by']}, approved by {approval['by']}"
        + (f" as an override until {approval['until']}" if approval["override"] else ""),
        *([_heard(approval["votes"])] if approval["votes"] else []),
        f"  bundle     {live['bundle']}",
        *(
            f"  {event['sequence']:>5}  {_clock(event['at'])}  {event['kind']:<12} "
            f"by {event['actor']}: {event['reason']}"
            for event in live["events"]
        ),
        *notes,
    ]
    return "\n".join(lines)


def _heard(votes: dict[str, Any]) -> str:
    beside = "alone" if votes["rival"] is None else f"beside version {votes['rival']}"
    return (
        f"  votes      {votes['digest']} {beside}, by {', '.join(votes['listeners'])}: "
        f"better {votes['better']}, worse {votes['worse']}, no difference {votes['same']}"
    )


def _clock(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
