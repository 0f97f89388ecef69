"""`approve` and `reject`: a decision on evidence, by a person or by policy."""

from __future__ import annotations

from datetime import datetime

from tasks.release.promote import promote
from voxgate.clock import utc_now
from voxgate.release import approvals, candidates
from voxgate.release.approvals import Decision
from voxgate.release.desk import Answer, Desk
from voxgate.release.listening.session import rival_of
from voxgate.release.listening.tally import Outcome, tally
from voxgate.release.policy import POLICY_ACTOR, is_automatic
from voxgate.release.records import UNDECIDED
from voxgate.release.states import State

__all__ = ["allows_release", "approve", "approve_by_policy", "enter_approval", "reject"]


def approve(
    desk: Desk,
    version: int,
    *,
    by: str,
    reason: str,
    evidence: str | None = None,
    scope: str | None = None,
    override_until: datetime | None = None,
) -> Answer:
    """Approve a version and make it live; a command that was killed may be given again.

    Args:
        desk: the ledger and its rules.
        version: the ledger's number.
        by: who decides.
        reason: why.
        evidence: digest, or its beginning, of the evidence that was seen; None is what the ledger
            names now.
        scope: what the release is for; None is the scope of the consent.
        override_until: makes it an override, valid until then.

    Raises:
        ReleaseError: the rules do not allow it; the subclass and the message say which.
        ConsentError: the scope is wider than the consent.
    """
    enter_approval(
        desk,
        version,
        by=by,
        reason=reason,
        evidence=evidence,
        scope=scope,
        override_until=override_until,
    )
    return promote(desk, version, by=by)


def enter_approval(
    desk: Desk,
    version: int,
    *,
    by: str,
    reason: str,
    evidence: str | None = None,
    scope: str | None = None,
    override_until: datetime | None = None,
) -> None:
    """Approve a version, bound to the evidence that it has now; nothing becomes live by it.

    Every byte of that evidence is looked at first. Arguments and errors are those of `approve`.
    """
    release = desk.ledger.read(desk.model).require(version)
    judgement = release.judgement
    digest = "" if judgement is None else judgement.evidence_digest
    if evidence is not None and not digest.startswith(evidence):
        digest = evidence
    if judgement is not None and release.state in UNDECIDED:
        desk.require_evidence(release)
    decision = Decision(
        version=version,
        by=by,
        reason=reason,
        evidence_digest=digest,
        scope=scope,
        override_until=override_until,
    )
    desk.append(lambda book, now: approvals.approve(book, decision, desk.policy, now=now))


def approve_by_policy(desk: Desk, version: int) -> Answer | None:
    """Release a pending version without a person where the policy allows it; else None."""
    if not allows_release(desk, version):
        return None
    reason = "gate.approval_policy: auto; the verdict is PASS against the champion"
    return approve(desk, version, by=POLICY_ACTOR, reason=reason)


def allows_release(desk: Desk, version: int) -> bool:
    """Tell whether the policy releases a version without a person.

    What people decided against once is a person's decision the next time too; so is the end of a
    trial.
    """
    book = desk.ledger.read(desk.model)
    release = book.require(version)
    judgement = release.judgement
    waiting = release.state in (State.PENDING, State.APPROVED)
    if not desk.policy.automatic or not waiting or judgement is None:
        return False
    if not is_automatic(judgement) or candidates.objections(book, version):
        return False
    if release.approval is not None and release.approval.by != POLICY_ACTOR:
        return False  # a person approved it, and tries it before it is live
    trial = book.trial_at(utc_now())
    if trial is not None and trial.version == version:
        return False  # a person tries it, and ends that
    return tally(release, rival_of(book, version), desk.policy).outcome is not Outcome.WORSE


def reject(
    desk: Desk, version: int, *, by: str, reason: str, evidence: str | None = None
) -> Answer:
    """Reject a version; `evidence` is the beginning of the digest that was seen, if it matters.

    Raises:
        ReleaseError: it is unknown, live, was live, or has other evidence by now.
    """
    event = desk.append(
        lambda book, _now: approvals.reject(
            book, version, by=by, reason=reason, evidence=evidence or ""
        ),
    )
    return desk.answer(version, event)
