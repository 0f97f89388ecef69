"""`registry check|repair|adopt`: the registry against the ledger."""

from __future__ import annotations

from datetime import datetime

from tasks.release.approve import approve
from tasks.release.promote import name_gold, roll_back
from voxgate.clock import utc_now
from voxgate.errors import ReleaseError, UnknownVersionError
from voxgate.release.desk import Answer, Desk
from voxgate.release.policy import require_person, require_words
from voxgate.release.projection import Drift
from voxgate.release.states import State

__all__ = ["adopt_alias", "check_registry", "repair_registry"]


def check_registry(desk: Desk) -> tuple[Drift, ...]:
    """Return how the registry, and the files that it serves, differ from the ledger.

    Every byte of what is live, of what a rollback goes to, and of gold is read and compared.
    Changes nothing.
    """
    registry = desk.look()
    return (
        *registry.examine(desk.ledger, desk.model, now=utc_now()),
        *registry.examine_files(desk.ledger, desk.model),
    )


def repair_registry(desk: Desk, *, by: str) -> tuple[Drift, ...]:
    """Make the registry say what the ledger says; returns what was repaired.

    Raises:
        LockHeldError: somebody else repairs it.
        LeaseLostError: this repair was away for so long that somebody else may have begun one.
        VersionLostError: a deleted version cannot be restored.
    """
    require_words(by, "repair")
    require_person(by)
    # Two repairs at once would register a lost version twice.
    with desk.leases.hold(f"registry:{desk.model}", purpose=f"a repair by {by}") as lease:
        return desk.connect().repair(desk.ledger, desk.model, by=by, now=utc_now(), lease=lease)


def adopt_alias(
    desk: Desk, alias: str, *, by: str, reason: str, override_until: datetime | None = None
) -> Answer:
    """Decide in the ledger what somebody did by hand: the rules are those of every decision.

    `champion` becomes an approval, or a rollback where the version was live before; `gold` names
    gold.

    Raises:
        ReleaseError: the rules do not allow it, or there is nothing to adopt.
    """
    found = desk.connect().shown(desk.model).aliases.get(alias)
    if alias not in ("champion", "gold") or found is None:
        raise ReleaseError(
            f"nothing to adopt: the registry has no alias {alias!r} that stands for a decision; "
            "`voxgate registry check` shows what differs"
        )
    book = desk.ledger.read(desk.model)
    release = next((r for r in book.releases.values() if r.registry_version == found), None)
    if release is None:
        raise UnknownVersionError(
            f"the alias {alias!r} points to number {found}, which no run has registered in the "
            "ledger: there is no evidence for it. `voxgate registry repair` takes the alias back."
        )
    if alias == "gold":
        return name_gold(desk, release.version, by=by, reason=reason)
    if release.state is State.RETIRED:
        return roll_back(desk, to=release.version, by=by, reason=reason)
    return approve(desk, release.version, by=by, reason=reason, override_until=override_until)
