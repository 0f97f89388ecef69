"""`voxgate approve|reject|promote|rollback|quarantine|gold`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, By, Override, Reason, Root, Until, Version
from flows.reports.release import describe_answer

if TYPE_CHECKING:
    from voxgate.release.desk import Answer, Desk

__all__ = [
    "approve",
    "gold",
    "open_desk_at",
    "override_end",
    "promote",
    "quarantine",
    "reject",
    "report",
    "rollback",
]

Evidence = Annotated[
    str | None, typer.Option(help="Digest of the evidence you saw; its beginning is enough.")
]


def approve(  # noqa: PLR0913, PLR0917  # the options of the command
    version: Version,
    by: By,
    reason: Reason,
    evidence: Evidence = None,
    scope: Annotated[
        str | None, typer.Option(help="What the release is for; default: the consent scope.")
    ] = None,
    override: Override = False,
    until: Until = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Approve a version on its evidence and make it live."""
    from tasks.release.approve import approve as decide

    answer = decide(
        open_desk_at(root),
        version,
        by=by,
        reason=reason,
        evidence=evidence,
        scope=scope,
        override_until=override_end(override, until),
    )
    report(answer, as_json)


def reject(
    version: Version,
    by: By,
    reason: Reason,
    evidence: Evidence = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Decide against a version that waits, or take back an approval that is not live yet."""
    from tasks.release.approve import reject as decide

    desk = open_desk_at(root)
    report(decide(desk, version, by=by, reason=reason, evidence=evidence), as_json)


def promote(version: Version, by: By, root: Root = Path(), as_json: AsJson = False) -> None:
    """Finish the promotion of an approved version; does nothing when it is live."""
    from tasks.release.promote import promote as make_live

    report(make_live(open_desk_at(root), version, by=by), as_json)


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
    from tasks.release.promote import roll_back

    report(roll_back(open_desk_at(root), to=to, by=by, reason=reason), as_json)


def quarantine(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Ban a version for good; if it is live, nothing is live afterwards."""
    from tasks.release.promote import quarantine as ban

    report(ban(open_desk_at(root), version, by=by, reason=reason), as_json)


def gold(
    version: Version, by: By, reason: Reason, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Freeze a version as gold: every later candidate is compared with it too."""
    from tasks.release.promote import name_gold

    report(name_gold(open_desk_at(root), version, by=by, reason=reason), as_json)


def open_desk_at(root: Path) -> Desk:
    """Open the ledger and the rules of a checkout."""
    from voxgate.wiring.checkout import Checkout

    return Checkout.open(root).desk


def override_end(override: bool, until: datetime | None) -> datetime | None:
    """Return when an override ends; None without one."""
    if override != (until is not None):
        raise typer.BadParameter("--override and --until go together: an override has an end")
    return None if until is None else until.replace(tzinfo=UTC)


def report(answer: Answer, as_json: bool) -> None:
    """Print how a command ended."""
    print_answer(answer.as_json(), describe_answer(answer), as_json)
