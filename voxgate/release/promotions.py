"""What changes which version is live: promotion, rollback, quarantine."""

from __future__ import annotations

from datetime import datetime

from voxgate.errors import (
    ApprovalNeededError,
    DecisionExpiredError,
    NothingToRollBackError,
    QuarantinedVersionError,
    ReleaseConflictError,
)
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind
from voxgate.release.people import require_name
from voxgate.release.policy import Policy, require_person, require_words
from voxgate.release.records import Approval, Release
from voxgate.release.states import State

__all__ = ["promote", "quarantine", "roll_back"]


def promote(
    book: Book, version: int, *, expected_live: int | None, by: str, now: datetime
) -> Draft | None:
    """Make an approved version live in the place of `expected_live`.

    Raises:
        UnknownVersionError: there is no such version.
        ApprovalNeededError: it is not approved.
        ApproverError: it is done under the name of a policy that did not approve it.
        DecisionExpiredError: its approval is over.
        ReleaseConflictError: something else became live in the meantime.
    """
    require_name(by)
    release = book.require(version)
    if release.state is State.LIVE:
        return None
    if release.state is State.QUARANTINED:
        raise QuarantinedVersionError(f"version {version} is quarantined; it never becomes live")
    approval = release.approval
    if release.state is not State.APPROVED or approval is None:
        raise ApprovalNeededError(
            f"version {version} is {release.standing(now)}, not approved; `voxgate approve "
            f"{version} --by YOU --reason WHY` decides about it"
        )
    if release.is_expired(now):
        raise DecisionExpiredError(
            f"the approval of version {version} was valid until "
            f"{approval.until.isoformat(timespec='minutes')}; `voxgate run` judges it again"
        )
    if by != approval.by:
        require_person(by)
    for expected in (expected_live, approval.replaces):
        _require_live(book, expected)
    return book.draft(
        Kind.PROMOTED,
        version,
        by=by,
        reason=f"approved by {approval.by}",
        facts=_facts(book, approval),
    )


def roll_back(
    book: Book, *, to: int | None, expected_live: int | None, by: str, reason: str
) -> Draft | None:
    """Go back to `to`, or to the version that was live before.

    Without `to` a repeat of the last rollback (same person, same reason) changes nothing; a second
    step has to name its target, because it looks just like a repeat.

    Raises:
        UnknownVersionError: there is no version `to`.
        QuarantinedVersionError: it is quarantined.
        NothingToRollBackError: there is no earlier version, or `to` was never live.
        ReleaseConflictError: something else became live in the meantime.
    """
    require_words(by, reason)
    last = book.last_change
    if to is None and last is not None and last.kind is Kind.ROLLED_BACK:
        if (last.actor, last.reason) == (by, reason):
            return None
        raise NothingToRollBackError(
            f"version {book.live} is live by the rollback of {last.at.isoformat('T', 'minutes')}; "
            f"to go further back name the version: --to {book.previous or 'VERSION'}"
        )
    target = _target(book, to)
    if target.state is State.LIVE:
        return None
    _require_live(book, expected_live)
    assert target.approval is not None, "only an approved version was ever live"
    facts = _facts(book, target.approval)
    return book.draft(Kind.ROLLED_BACK, target.version, by=by, reason=reason, facts=facts)


def quarantine(book: Book, version: int, policy: Policy, *, by: str, reason: str) -> Draft | None:
    """Ban a version for good; when it is live, nothing is live afterwards.

    It is the emergency stop: anybody may pull it, under their own name. On gold it does more: with
    it goes a bar that every candidate has to reach, so only those may who may name gold.

    Raises:
        UnknownVersionError: there is no such version.
        ApproverError: it is done under a policy's name, or the version is gold and this person may
            not approve it.
    """
    require_words(by, reason)
    require_person(by)
    release = book.require(version)
    if release.state is State.QUARANTINED:
        return None
    if book.gold == version:
        policy.require_approver(by, release)
    facts = {"was": release.state.value}
    return book.draft(Kind.QUARANTINED, version, by=by, reason=reason, facts=facts)


def _target(book: Book, to: int | None) -> Release:
    chosen = book.previous if to is None else to
    if chosen is None:
        raise NothingToRollBackError(
            f"{book.model}: no version was live before {_live(book)}, or all of them are "
            "quarantined; there is nothing to go back to. To take the live version down "
            "nevertheless: `voxgate quarantine VERSION`."
        )
    release = book.require(chosen)
    if release.state is State.QUARANTINED:
        raise QuarantinedVersionError(
            f"version {chosen} is quarantined; a rollback never goes there. "
            f"Earlier good version: {book.previous or 'none'}."
        )
    if release.state not in (State.RETIRED, State.LIVE):
        raise NothingToRollBackError(
            f"version {chosen} is {release.state.value} and was never live; a rollback goes to a "
            "version that was"
        )
    return release


def _require_live(book: Book, expected: int | None) -> None:
    if book.live != expected:
        raise ReleaseConflictError(
            f"expected version {expected or 'none'} to be live, found {book.live or 'none'}: "
            "another release came first. Look at `voxgate status`, then decide again."
        )


def _facts(book: Book, approval: Approval) -> dict[str, object]:
    return {
        "replaced": book.live,
        "scope": approval.scope,
        "evidence_digest": approval.evidence_digest,
    }


def _live(book: Book) -> str:
    return "the first one" if book.live is None else f"version {book.live}"
