"""`promote`, `rollback`, `quarantine`: the one guarded transition of what is live."""

from __future__ import annotations

import os
import socket

from voxgate.release import candidates, promotions
from voxgate.release.desk import Answer, Desk
from voxgate.release.monitoring import Retreat
from voxgate.release.policy import MONITOR_ACTOR, require_person
from voxgate.release.ports.ledger import Fence
from voxgate.release.states import State

__all__ = ["name_gold", "promote", "quarantine", "roll_back", "roll_back_by_policy"]


def promote(desk: Desk, version: int, *, by: str) -> Answer:
    """Make an approved version live, once; the registry follows.

    Raises:
        ReleaseError: it is not approved, its evidence changed, or another release came first.
    """
    fence = _take_fence(desk, by)
    book = desk.ledger.read(desk.model)
    release = book.require(version)
    if release.state is State.APPROVED:
        desk.require_evidence(release)
    event = desk.ledger.append(
        desk.model,
        lambda now_book, now: promotions.promote(
            now_book, version, expected_live=book.live, by=by, now=now
        ),
        fence=fence,
    )
    return desk.answer(version, event)


def roll_back(desk: Desk, *, to: int | None, by: str, reason: str) -> Answer:
    """Go back to `to`, or to the version that was live before; the registry follows.

    Raises:
        ReleaseError: there is nothing to go back to, the target is quarantined, or another release
            came first.
    """
    require_person(by)
    live = desk.ledger.read(desk.model).live
    return _go_back(desk, to=to, leaving=live, by=by, reason=reason)


def roll_back_by_policy(desk: Desk, retreat: Retreat) -> Answer:
    """Leave a version that monitoring found to have failed; the registry follows.

    Raises:
        ReleaseConflictError: somebody released another version in the meantime.
    """
    return _go_back(
        desk, to=retreat.to, leaving=retreat.leaving, by=MONITOR_ACTOR, reason=retreat.reason
    )


def quarantine(desk: Desk, version: int, *, by: str, reason: str) -> Answer:
    """Ban a version for good.

    Raises:
        UnknownVersionError: there is no such version.
    """
    event = desk.ledger.append(
        desk.model,
        lambda book, _now: promotions.quarantine(book, version, by=by, reason=reason),
        fence=_take_fence(desk, by),
    )
    return desk.answer(version, event)


def name_gold(desk: Desk, version: int, *, by: str, reason: str) -> Answer:
    """Freeze a version as gold.

    Raises:
        ReleaseError: it is unknown, rejected or quarantined.
    """
    event = desk.ledger.append(
        desk.model, lambda book, _now: candidates.name_gold(book, version, by=by, reason=reason)
    )
    return desk.answer(version, event)


def _go_back(desk: Desk, *, to: int | None, leaving: int | None, by: str, reason: str) -> Answer:
    fence = _take_fence(desk, by)
    event = desk.ledger.append(
        desk.model,
        lambda book, _now: promotions.roll_back(
            book, to=to, expected_live=leaving, by=by, reason=reason
        ),
        fence=fence,
    )
    now_live = desk.ledger.read(desk.model).live
    assert now_live is not None
    return desk.answer(now_live, event)


def _take_fence(desk: Desk, by: str) -> Fence:
    holder = f"{by}, process {os.getpid()} on {socket.gethostname()}"
    return desk.ledger.take_fence(desk.model, holder=holder)
