"""`voxgate approve|reject|promote|rollback|quarantine|gold` and `voxgate registry ...`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tasks.release_desk import Answer, Desk

__all__ = ["add_release_commands", "registry"]

Version = Annotated[int, typer.Argument(help="Version, as `voxgate status` shows it.")]
By = Annotated[str, typer.Option(help="Who decides; goes into the audit.")]
Reason = Annotated[str, typer.Option(help="Why; goes into the audit.")]
Root = Annotated[Path, typer.Option(help="The checkout to work in.", show_default=".")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Override = Annotated[
    bool, typer.Option("--override", help="Release against the verdict; needs --until.")
]
Until = Annotated[
    datetime | None, typer.Option(help="When the override ends, UTC; only with --override.")
]

registry = typer.Typer(
    no_args_is_help=True, help="Compare the registry with the ledger; repair it, or adopt it."
)


def add_release_commands(app: typer.Typer) -> None:
    """Put the commands of the release engineer on the command line."""
    for command in (approve, reject, promote, rollback, quarantine, gold):
        app.command()(command)
    app.add_typer(registry, name="registry")


def approve(  # noqa: PLR0913, PLR0917  # the options of the command
    version: Version,
    by: By,
    reason: Reason,
    evidence: Annotated[
        str | None, typer.Option(help="Digest of the evidence you saw; its beginning is enough.")
    ] = None,
    scope: Annotated[
        str | None, typer.Option(help="What the release is for; default: the consent scope.")
    ] = None,
    override: Override = False,
    until: Until = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Approve a version on its evidence and make it live."""
    from tasks.approve import approve as decide

    answer = decide(
        _desk(root),
        version,
        by=by,
        reason=reason,
        evidence=evidence,
        scope=scope,
        override_until=_override_end(override, until),
    )
    _report(answer, as_json)


def reject(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Decide against a version that waits, or take back an approval that is not live yet."""
    from tasks.approve import reject as decide

    _report(decide(_desk(root), version, by=by, reason=reason), as_json)


def promote(version: Version, by: By, root: Root = Path(), as_json: AsJson = False) -> None:
    """Finish the promotion of an approved version; does nothing when it is live."""
    from tasks.promote import promote as make_live

    _report(make_live(_desk(root), version, by=by), as_json)


def rollback(
    by: By,
    reason: Reason,
    to: Annotated[int | None, typer.Option(help="Default: the version that was live before.")] = (
        None
    ),
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Go back to an earlier live version, never to a quarantined one."""
    from tasks.promote import roll_back

    _report(roll_back(_desk(root), to=to, by=by, reason=reason), as_json)


def quarantine(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Ban a version for good; if it is live, nothing is live afterwards."""
    from tasks.promote import quarantine as ban

    _report(ban(_desk(root), version, by=by, reason=reason), as_json)


def gold(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Freeze a version as gold: every later candidate is compared with it too."""
    from tasks.promote import name_gold

    _report(name_gold(_desk(root), version, by=by, reason=reason), as_json)


@registry.command()
def check(root: Root = Path(), as_json: AsJson = False) -> None:
    """Say how the registry differs from the ledger; exits 1 when it does."""
    from tasks.registry import check_registry

    drifts = check_registry(_desk(root))
    lines = [drift.message for drift in drifts] or ["the registry says what the ledger says"]
    _print([vars(drift) for drift in drifts], "\n".join(lines), as_json)
    raise typer.Exit(int(bool(drifts)))


@registry.command()
def repair(by: By, root: Root = Path(), as_json: AsJson = False) -> None:
    """Make the registry say what the ledger says; restores deleted versions."""
    from tasks.registry import repair_registry

    repaired = repair_registry(_desk(root), by=by)
    lines = [f"repaired: {drift.message}" for drift in repaired] or ["nothing to repair"]
    _print([vars(drift) for drift in repaired], "\n".join(lines), as_json)


@registry.command()
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
    from tasks.registry import adopt_alias

    answer = adopt_alias(
        _desk(root), alias, by=by, reason=reason, override_until=_override_end(override, until)
    )
    _report(answer, as_json)


def _desk(root: Path) -> Desk:
    from tasks.release_desk import open_desk
    from voxgate.params import load_params
    from voxgate.settings import load_settings
    from voxgate.stage import Workspace

    root = root.resolve()
    return open_desk(Workspace(root), load_params(root / "params.yaml"), load_settings())


def _override_end(override: bool, until: datetime | None) -> datetime | None:
    if override != (until is not None):
        raise typer.BadParameter("--override and --until go together: an override has an end")
    return None if until is None else until.replace(tzinfo=UTC)


def _report(answer: Answer, as_json: bool) -> None:
    live = "nothing" if answer.live is None else f"version {answer.live}"
    done = "nothing to do" if answer.event is None else f"event {answer.event}"
    lines = [f"version {answer.version} is {answer.state} ({done}); live: {live}"]
    lines += [f"registry: {message}" for message in answer.by_hand]
    if answer.registry_problem is not None:
        lines.append(
            f"registry: not reached; the ledger stands, the registry follows with the next "
            f"command: {answer.registry_problem}"
        )
    _print(answer.as_json(), "\n".join(lines), as_json)


def _print(document: Any, text: str, as_json: bool) -> None:
    if as_json:
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(text + "\n")
