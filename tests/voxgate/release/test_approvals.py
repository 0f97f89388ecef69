from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.releases import POLICY, START, Story, make_decision
from voxgate.errors import (
    AlreadyDecidedError,
    ApprovalNeededError,
    ApproverError,
    ConsentError,
    DecisionExpiredError,
    EvidenceChangedError,
    ReleaseError,
    UnknownVersionError,
)
from voxgate.release import approvals
from voxgate.release.policy import POLICY_ACTOR
from voxgate.release.states import State
from voxgate.release.votes import votes_digest

AUTO = replace(POLICY, automatic=True)
LATER = START + timedelta(days=30)


def _approve(story: Story, number: int = 1, policy: Any = POLICY, **changes: Any) -> Any:
    decision = make_decision(number, **changes)
    return approvals.approve(story.book, decision, policy, now=story.now)


def test_an_approval_is_bound_to_the_evidence_and_to_what_it_replaces() -> None:
    story = Story().registered(1).judged(1).approved(1)
    release = story.book.require(1)
    assert release.state is State.APPROVED
    assert release.approval is not None
    assert release.approval.evidence_digest == make_decision(1).evidence_digest
    assert release.approval.replaces is None
    assert release.approval.scope == "internal"


def test_the_same_decision_again_changes_nothing() -> None:
    story = Story().registered(1).judged(1).approved(1)
    assert _approve(story) is None
    assert _approve(story.promoted(1)) is None


def test_an_unknown_version_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownVersionError, match=r"version 7 is not in the ledger; it has 1\."):
        _approve(Story().registered(1), 7)


def test_a_version_without_a_verdict_cannot_be_approved() -> None:
    with pytest.raises(UnknownVersionError, match="version 1 has no verdict yet"):
        _approve(Story().registered(1))


def test_another_decision_on_a_decided_version_is_refused_with_its_state() -> None:
    story = Story().registered(1).judged(1).approved(1)
    with pytest.raises(AlreadyDecidedError, match="version 1 is approved, approved by anna"):
        _approve(story, by="bob")
    with pytest.raises(AlreadyDecidedError, match="version 1 is live"):
        _approve(story.promoted(1), by="bob")
    rejected = Story().registered(1)
    rejected.tell(approvals.reject(rejected.book, 1, by="bob", reason="it hums"))
    with pytest.raises(AlreadyDecidedError, match="version 1 is rejected"):
        _approve(rejected.registered(2))


def test_evidence_that_was_not_seen_cannot_be_approved() -> None:
    story = Story().registered(1).judged(1)
    with pytest.raises(EvidenceChangedError, match="was judged anew: its evidence is 0000"):
        _approve(story, evidence_digest="9" * 64)


def test_a_comparison_with_what_is_no_longer_live_cannot_be_approved() -> None:
    story = Story().registered(1).judged(1).released(2)
    with pytest.raises(EvidenceChangedError, match="compared with no version, live is version 2"):
        _approve(story, 1)


def test_an_expired_decision_is_refused_and_a_new_judgement_opens_it_again() -> None:
    story = Story().registered(1)
    story.judged(1, expires_at=story.now + timedelta(hours=1))
    story.now += timedelta(hours=2)
    assert story.book.require(1).standing(story.now) == "expired"
    with pytest.raises(DecisionExpiredError, match="version 1 expired at 2026-11-22T13:00"):
        _approve(story)
    assert _approve(story.judged(1)) is not None


@pytest.mark.parametrize("verdict", ["FAIL", "HOLD"])
def test_a_bad_verdict_needs_an_override_with_an_end(verdict: str) -> None:
    story = Story().registered(1).judged(1, verdict=verdict)
    assert story.book.require(1).standing(story.now) == "not offered"
    with pytest.raises(ApprovalNeededError, match=f"is {verdict}; only an override"):
        _approve(story)
    with pytest.raises(DecisionExpiredError, match="which is over"):
        _approve(story, override_until=START - timedelta(days=1))
    story.approved(1, override_until=LATER).promoted(1)
    release = story.book.require(1)
    assert release.approval is not None
    assert release.approval.override
    assert not release.is_expired(story.now)
    assert release.is_expired(LATER + timedelta(seconds=1))


def test_a_person_may_settle_what_is_inconclusive() -> None:
    story = Story().registered(1).judged(1, verdict="INCONCLUSIVE").approved(1)
    assert story.book.require(1).state is State.APPROVED


def _settled(preferred: int | None) -> Story:
    story = Story().released(1).registered(2).judged(2, verdict="INCONCLUSIVE")
    for number in range(20):
        story.voted(prompt_id=f"p{number:03d}", preferred=preferred)
    return story


def test_an_approval_is_bound_to_the_votes_that_stood() -> None:
    release = _settled(None).approved(2).book.require(2)
    assert release.approval is not None
    assert release.approval.votes == {
        "digest": votes_digest(release.votes, 1),
        "rival": 1,
        "outcome": "no_worse",
        "listeners": ["anna"],
        "better": 0,
        "worse": 0,
        "same": 20,
    }


def test_what_listeners_find_worse_needs_an_override() -> None:
    story = _settled(1)
    with pytest.raises(ApprovalNeededError, match="find version 2 worse than version 1: worse on"):
        _approve(story, 2)
    story.approved(2, override_until=LATER)
    assert story.book.require(2).state is State.APPROVED


def test_votes_beside_what_is_no_longer_live_settle_nothing() -> None:
    story = _settled(1).released(3).judged(2, evidence_digest="8" * 64, champion=3)
    assert _approve(story, 2, evidence_digest="8" * 64).facts["votes"] is None


def test_who_trained_may_not_approve_under_any_of_their_names() -> None:
    story = Story().registered(1, trained_by="akunze").judged(1)
    with pytest.raises(ApproverError, match="'AKunze ' trained version 1"):
        _approve(story, by="AKunze ")
    listed = replace(POLICY, approvers={"anna": ["akunze", "anna@studio"], "bob": []})
    with pytest.raises(ApproverError, match=r"'anna' trained version 1 \(as 'akunze'\)"):
        _approve(story, policy=listed, by="anna")
    assert _approve(story, policy=listed, by="bob") is not None
    with pytest.raises(ApproverError, match="lists anna, bob"):
        _approve(story, policy=listed, by="carl")


def test_the_policy_releases_a_pass_against_a_champion_and_nothing_else() -> None:
    story = Story().released(1).registered(2).judged(2, needs_person=False)
    with pytest.raises(ApprovalNeededError, match="approval_policy is person"):
        _approve(story, 2, by=POLICY_ACTOR)
    assert _approve(story, 2, policy=AUTO, by=POLICY_ACTOR) is not None
    for changes in ({"verdict": "INCONCLUSIVE"}, {"needs_person": True}, {"champion": None}):
        other = Story()
        if changes.get("champion", 1) is not None:
            other.released(1)
        other.registered(2).judged(2, **{"needs_person": False, **changes})
        with pytest.raises(ApprovalNeededError, match="version 2 needs a person"):
            _approve(other, 2, policy=AUTO, by=POLICY_ACTOR)


def test_a_person_cannot_decide_under_a_policys_name() -> None:
    story = Story().released(1).registered(2).judged(2, needs_person=False)
    with pytest.raises(ApproverError, match="is the name of a policy"):
        _approve(story, 2, policy=AUTO, by="Policy:auto")


def test_a_release_is_never_wider_than_the_consent() -> None:
    story = Story().registered(1, consent_scope="evaluation").judged(1)
    with pytest.raises(ConsentError, match="cannot be released for 'publication'"):
        _approve(story, scope="publication")
    assert _approve(story, scope="evaluation").facts["scope"] == "evaluation"
    with pytest.raises(ConsentError, match="expected one of evaluation, internal, publication"):
        _approve(story, scope="everything")
    unknown = Story().registered(1, consent_scope="None").judged(1)
    with pytest.raises(ConsentError, match="consent 'None'"):
        _approve(unknown)


@pytest.mark.parametrize("words", [{"reason": " "}, {"by": ""}, {"reason": "x" * 2001}])
def test_a_decision_has_a_name_and_a_reason(words: dict[str, str]) -> None:
    with pytest.raises(ReleaseError, match=r"--(by|reason)"):
        _approve(Story().registered(1).judged(1), **words)


def test_new_evidence_takes_an_approval_back() -> None:
    story = Story().registered(1).judged(1).approved(1)
    story.judged(1, evidence_digest="8" * 64)
    release = story.book.require(1)
    assert release.state is State.PENDING
    assert release.approval is None


def test_an_approval_can_be_taken_back_but_a_live_version_not_rejected() -> None:
    story = Story().registered(1).judged(1).approved(1)
    assert approvals.reject(story.book, 1, by="bob", reason="it hums") is not None
    with pytest.raises(AlreadyDecidedError, match="version 1 is live"):
        approvals.reject(story.promoted(1).book, 1, by="bob", reason="it hums")


def test_a_rejection_may_be_bound_to_the_evidence_too() -> None:
    book = Story().registered(1).judged(1).book
    with pytest.raises(EvidenceChangedError, match="you saw abcdef"):
        approvals.reject(book, 1, by="bob", reason="it hums", evidence="abcdef")
    seen = f"{1001:064x}"[:12]
    assert approvals.reject(book, 1, by="bob", reason="it hums", evidence=seen) is not None


def test_the_policy_releases_no_verdict_that_does_not_say_its_limits() -> None:
    """A verdict of before the ledger kept limits waits for a person."""
    story = Story().released(1).registered(2).judged(2, needs_person=False, limits=None)
    with pytest.raises(ApprovalNeededError, match="version 2 needs a person"):
        _approve(story, 2, policy=AUTO, by=POLICY_ACTOR)
    assert _approve(story, 2, policy=AUTO, by="anna") is not None
