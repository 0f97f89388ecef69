"""`voxgate registry check|repair|adopt`: the registry against the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, By, Override, Reason, Root, Until
from flows.cli.release import open_desk_at, override_end, report

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Compare the registry with the ledger; repair it, or adopt it."
)


@app.command()
def check(root: Root = Path(), as_json: AsJson = False) -> None:
    """Say how the registry differs from the ledger; exits 1 when it does."""
    from tasks.release.registry import check_registry

    drifts = check_registry(open_desk_at(root))
    lines = [drift.message for drift in drifts] or ["the registry says what the ledger says"]
    print_answer([vars(drift) for drift in drifts], "\n".join(lines), as_json)
    raise typer.Exit(int(bool(drifts)))


@app.command()
def repair(by: By, root: Root = Path(), as_json: AsJson = False) -> None:
    """Make the registry say what the ledger says; restores deleted versions."""
    from tasks.release.registry import repair_registry

    repaired = repair_registry(open_desk_at(root), by=by)
    lines = [f"repaired: {drift.message}" for drift in repaired] or ["nothing to repair"]
    print_answer([vars(drift) for drift in repaired], "\n".join(lines), as_json)


@app.command()
def adopt(
    alias: Annotated[str, typer.Argument(help="champion or gold.")],
    by: By,
    reason: Reason,
    override: Override = False,
    until: Until = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Decide in the ledger what somebody did by hand in the registry, by the usual rules."""
    from tasks.release.registry import adopt_alias

    answer = adopt_alias(
        open_desk_at(root),
        alias,
        by=by,
        reason=reason,
        override_until=override_end(override, until),
    )
    report(answer, as_json)
