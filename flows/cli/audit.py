"""`voxgate audit`: what happened, what was live when, what was said, and is it all intact?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, Root
from flows.reports.audit import describe_events, describe_moment, describe_verification
from flows.reports.speech_audit import describe_speech, describe_speech_chain

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="What happened, what was live when, and is the ledger intact?"
)

Head = Annotated[
    str | None, typer.Option(help="SEQUENCE:DIGEST that you remember; this prints it.")
]


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
    head: Head = None,
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


@app.command()
def speech(
    request: Annotated[str | None, typer.Option(help="Id of the request.")] = None,
    version: Annotated[int | None, typer.Option(help="Version that spoke.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="Speaker profile: NAME@VERSION, or NAME for all of it.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="ISO time; without a zone it is UTC.")] = None,
    until: Annotated[str | None, typer.Option(help="ISO time, the first one after.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, of the newest.")] = 1000,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Say who had what said: by which version and profile, under which consent, and when."""
    from tasks.speech.audit import find_speech

    records = find_speech(
        root,
        request_id=request,
        version=version,
        profile=profile,
        since=since,
        until=until,
        limit=limit,
    )
    print_answer(records, describe_speech(records), as_json)


@app.command()
def verify_speech(
    head: Head = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Check every record of what was said; fails when one was altered, removed or added."""
    from tasks.speech import audit

    result = audit.verify_speech(root, head)
    print_answer(result, describe_speech_chain(result), as_json)


@app.command()
def verify_speakers(
    head: Head = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Check every event of the speakers' register; exits 1 when one was altered or removed."""
    from tasks.speakers import audit

    result = audit.verify_speakers(root, head)
    print_answer(result, describe_verification(result), as_json)
    raise typer.Exit(int(bool(result["findings"])))


@app.command()
def verify_campaigns(
    head: Head = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Check every event of the campaigns; exits 1 when one was altered, removed or moved."""
    from tasks.campaigns import audit

    result = audit.verify_campaigns(root, head)
    print_answer(result, describe_verification(result), as_json)
    raise typer.Exit(int(bool(result["findings"])))
