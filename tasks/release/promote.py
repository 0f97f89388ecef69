"""`promote`, `rollback`, `quarantine`: the one guarded transition of what is live."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from voxgate.errors import ExternalServiceError, RegistryError, StorageError
from voxgate.release import candidates, promotions
from voxgate.release.book import Book
from voxgate.release.desk import Answer, Desk
from voxgate.release.events import Draft, Event
from voxgate.release.monitoring import Retreat
from voxgate.release.policy import MONITOR_ACTOR, require_person
from voxgate.release.ports.ledger import Fence
from voxgate.release.records import Release
from voxgate.release.states import State

__all__ = ["name_gold", "promote", "quarantine", "roll_back", "roll_back_by_policy"]

EMERGENCY_PAUSES_S = (0.5, 1.0, 2.0, 5.0)
"""Between the attempts of the emergency stop; each waits for a busy database by itself too."""


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
    event = desk.append(
        lambda now_book, now: promotions.promote(
            now_book, version, expected_live=book.live, by=by, now=now
        ),
        fence=fence,
    )
    answer = desk.answer(version, event)
    if answer.live != version:
        return answer
    return replace(answer, unkept=_keep_package(desk, release))


def _keep_package(desk: Desk, release: Release) -> str | None:
    """Copy what was released to where no trainer writes; returns why not, if so.

    A registry that is away holds no promotion up, and files that are not the judged ones are named
    at once.
    """
    digest = release.origin.model_digest
    if digest is None or (desk.workspace.releases_dir / digest).is_dir():
        return None
    try:
        desk.connect().fetch_package(release, desk.workspace.releases_dir / digest)
    except (ExternalServiceError, RegistryError, StorageError) as error:
        return str(error)
    return None


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
    """Ban a version for good, whatever else goes on.

    The ban is one transaction that looks at what stands by then: it needs no token, so nobody who
    takes a later one gets past it, and every other transition looks for it inside its own. A
    database that is busy is tried again.

    Raises:
        UnknownVersionError: there is no such version.
        ApproverError: it is gold, and this person may not approve it.
        ExternalServiceError: the database did not answer for minutes.
    """

    def ban(book: Book, _now: datetime) -> Draft | None:
        return promotions.quarantine(book, version, desk.policy, by=by, reason=reason)

    event = _insist(lambda: desk.append(ban, emergency=True))
    return desk.answer(version, event)


def name_gold(desk: Desk, version: int, *, by: str, reason: str) -> Answer:
    """Freeze a version as gold, by the decision of a person.

    Raises:
        ReleaseError: it is unknown, rejected or quarantined, or this person may not approve it.
    """
    require_person(by)
    event = desk.append(
        lambda book, _now: candidates.name_gold(book, version, desk.policy, by=by, reason=reason)
    )
    return desk.answer(version, event)


def _go_back(desk: Desk, *, to: int | None, leaving: int | None, by: str, reason: str) -> Answer:
    fence = _take_fence(desk, by)
    event = desk.append(
        lambda book, _now: promotions.roll_back(
            book, to=to, expected_live=leaving, by=by, reason=reason
        ),
        fence=fence,
    )
    now_live = desk.ledger.read(desk.model).live
    assert now_live is not None
    return desk.answer(now_live, event)


def _insist(step: Callable[[], Event | None]) -> Event | None:
    for pause_s in EMERGENCY_PAUSES_S:
        try:
            return step()
        except ExternalServiceError:
            time.sleep(pause_s)
    return step()


def _take_fence(desk: Desk, by: str) -> Fence:
    holder = f"{by}, process {os.getpid()} on {socket.gethostname()}"
    return desk.ledger.take_fence(desk.model, holder=holder)
