"""A decision for or against a version, bound to the evidence that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voxgate.errors import (
    AlreadyDecidedError,
    ApprovalNeededError,
    DecisionExpiredError,
    EvidenceChangedError,
    UnknownVersionError,
)
from voxgate.release.book import Book
from voxgate.release.events import Draft, Kind
from voxgate.release.listening.session import rival_of
from voxgate.release.listening.tally import Outcome, Tally, tally
from voxgate.release.policy import (
    POLICY_ACTOR,
    Policy,
    is_automatic,
    require_consent,
    require_person,
    require_words,
)
from voxgate.release.records import UNDECIDED, Approval, Judgement, Release
from voxgate.release.states import State

__all__ = ["Decision", "approve", "reject"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who decides what about a version, why, and on which evidence.

    `scope` is what the release is for; None is the scope of the consent. `override_until` makes
    it an override that is valid until then.
    """

    version: int
    by: str
    reason: str
    evidence_digest: str
    scope: str | None = None
    override_until: datetime | None = None


def approve(book: Book, decision: Decision, policy: Policy, *, now: datetime) -> Draft | None:
    """Approve a version on the evidence that was seen.

    Raises:
        UnknownVersionError: there is no such version, or no verdict on it.
        AlreadyDecidedError: it is decided.
        EvidenceChangedError: it was judged anew, or what is live is not what it was compared with.
        DecisionExpiredError: the time for it is over.
        ApprovalNeededError: the verdict is FAIL or HOLD, or listeners find it worse, and this is no
            override.
        ApproverError: this person or policy may not approve it.
        ConsentError: the release is for more than the speaker agreed to.
    """
    require_words(decision.by, decision.reason)
    release = book.require(decision.version)
    if _is_repeat(release, decision):
        return None
    judgement = _require_open(release)
    if decision.evidence_digest != judgement.evidence_digest:
        raise EvidenceChangedError(
            _judged_anew(release, judgement.evidence_digest, seen=decision.evidence_digest)
        )
    _require_time(release, now)
    heard = tally(release, rival_of(book, release.version), policy)
    if decision.override_until is None:
        _require_offer(book, release, judgement)
        _require_ears(heard)
    elif decision.override_until <= now:
        raise DecisionExpiredError(
            f"the override would end at {decision.override_until.isoformat()}, which is over; "
            "name a time to come"
        )
    _require_right(release, judgement, decision, policy)
    scope = decision.scope or release.origin.consent_scope
    require_consent(release, scope)
    approval = Approval(
        by=decision.by,
        evidence_digest=judgement.evidence_digest,
        scope=scope,
        override=decision.override_until is not None,
        replaces=book.live,
        until=decision.override_until or judgement.expires_at,
        votes=heard.as_facts(),
    )
    return book.draft(
        Kind.APPROVED,
        release.version,
        by=decision.by,
        reason=decision.reason,
        facts=approval.as_facts(),
    )


def reject(book: Book, version: int, *, by: str, reason: str, evidence: str = "") -> Draft | None:
    """Reject an undecided version, or take back an approval that is not live yet.

    `evidence` is the beginning of the digest that was seen; any, when it is empty.

    Raises:
        UnknownVersionError: there is no such version.
        AlreadyDecidedError: it is live, was live, or is quarantined.
        EvidenceChangedError: it has other evidence by now.
    """
    require_words(by, reason)
    require_person(by)
    release = book.require(version)
    if release.state is State.REJECTED:
        return None
    if release.state not in UNDECIDED:
        raise AlreadyDecidedError(_decided(release))
    digest = None if release.judgement is None else release.judgement.evidence_digest
    if not (digest or "").startswith(evidence):
        raise EvidenceChangedError(_judged_anew(release, digest, seen=evidence))
    return book.draft(
        Kind.REJECTED, version, by=by, reason=reason, facts={"evidence_digest": digest}
    )


def _judged_anew(release: Release, digest: str | None, *, seen: str) -> str:
    return (
        f"version {release.version} was judged anew: its evidence is {(digest or 'none')[:12]}, "
        f"you saw {seen[:12]}. Look at the new verdict (`voxgate status`), then decide."
    )


def _is_repeat(release: Release, decision: Decision) -> bool:
    approval = release.approval
    return (
        release.state in (State.APPROVED, State.LIVE)
        and approval is not None
        and approval.by == decision.by
        and approval.evidence_digest == decision.evidence_digest
    )


def _require_open(release: Release) -> Judgement:
    if release.state not in (State.CANDIDATE, State.PENDING):
        raise AlreadyDecidedError(_decided(release))
    if release.judgement is None:
        raise UnknownVersionError(
            f"version {release.version} has no verdict yet; `voxgate run` judges it"
        )
    return release.judgement


def _require_time(release: Release, now: datetime) -> None:
    judgement = release.judgement
    if judgement is not None and release.is_expired(now):
        raise DecisionExpiredError(
            f"the decision about version {release.version} expired at "
            f"{judgement.expires_at.isoformat(timespec='minutes')} (gate.approval_days); "
            "`voxgate run` judges it against what is live now and offers it again"
        )


def _require_offer(book: Book, release: Release, judgement: Judgement) -> None:
    if release.state is not State.PENDING:
        raise ApprovalNeededError(
            f"the verdict on version {release.version} is {judgement.verdict}; only an override "
            "releases it: --override --until DATE, with the reason for it"
        )
    if judgement.champion != book.live:
        raise EvidenceChangedError(
            f"version {release.version} was compared with {_named(judgement.champion)}, live is "
            f"{_named(book.live)}; `voxgate run` judges it against what is live now"
        )


def _require_ears(heard: Tally) -> None:
    if heard.outcome is Outcome.WORSE:
        raise ApprovalNeededError(
            f"listeners find version {heard.version} worse than version {heard.rival}: "
            f"{heard.reason}. Reject it; or release it against them: --override --until DATE, with "
            "the reason for it"
        )


def _require_right(
    release: Release, judgement: Judgement, decision: Decision, policy: Policy
) -> None:
    if decision.by != POLICY_ACTOR:
        require_person(decision.by)
        policy.require_approver(decision.by, release)
    elif not policy.automatic or not is_automatic(judgement) or decision.override_until:
        raise ApprovalNeededError(
            f"version {release.version} needs a person: the verdict is {judgement.verdict}, "
            f"compared with {_named(judgement.champion)}, gate.approval_policy is "
            f"{'auto' if policy.automatic else 'person'}"
        )


def _decided(release: Release) -> str:
    text = f"version {release.version} is {release.state.value}"
    if release.approval is not None:
        text += f", approved by {release.approval.by}"
    hint = {
        State.RETIRED: "`voxgate rollback --to` brings a retired version back",
        State.QUARANTINED: "a quarantined version never comes back",
    }.get(release.state, "`voxgate audit log` shows who decided")
    return f"{text}; {hint}"


def _named(version: int | None) -> str:
    return "no version" if version is None else f"version {version}"
