from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.releases import START, Story, make_plan
from voxgate.errors import (
    AlreadyDecidedError,
    ApprovalNeededError,
    ApproverError,
    ConfigError,
    DecisionExpiredError,
    QuarantinedVersionError,
    ReleaseConflictError,
    ReleaseError,
    UnknownVersionError,
)
from voxgate.release.approvals import reject
from voxgate.release.policy import MONITOR_ACTOR
from voxgate.release.promotions import promote
from voxgate.release.trial_rules import start_trial, stop_by_monitor, stop_trial


@pytest.fixture
def story() -> Story:
    """Version 1 is live, 2 waits for a decision."""
    return Story().released(1).registered(2).judged(2)


def begin(story: Story, number: int = 2, **changes: Any) -> Story:
    return story.tried(number, **changes)


def test_an_undecided_version_may_speak_unheard_and_the_book_has_it(story: Story) -> None:
    trial = begin(story, shadow_per_mille=300, days=3).book.trial
    assert trial is not None
    assert (trial.version, trial.against, trial.is_heard) == (2, 1, False)
    assert (trial.canary_per_mille, trial.shadow_per_mille) == (0, 300)
    assert trial.number == story.rows[-1].sequence
    assert trial.until == story.now - timedelta(seconds=1) + timedelta(days=3)


def test_only_an_approved_version_is_heard(story: Story) -> None:
    with pytest.raises(ApprovalNeededError, match="version 2 is pending, not approved"):
        begin(story, canary_per_mille=20)
    trial = begin(story.approved(2), canary_per_mille=20).book.trial
    assert trial is not None
    assert trial.is_heard


def test_what_is_heard_ends_with_its_approval() -> None:
    end = START + timedelta(days=2)
    story = Story().released(1).registered(2).judged(2, expires_at=end).approved(2)
    trial = begin(story, canary_per_mille=20, days=30).book.trial
    assert trial is not None
    assert trial.until == end
    story.now = end + timedelta(seconds=1)
    assert story.book.trial_at(story.now) is None
    with pytest.raises(DecisionExpiredError, match="was valid until"):
        begin(story, canary_per_mille=20)


def test_a_trial_ends_by_itself(story: Story) -> None:
    book = begin(story, days=1).book
    assert book.trial_at(story.now + timedelta(hours=23)) == book.trial
    assert book.trial_at(story.now + timedelta(hours=25)) is None


def test_one_trial_at_a_time_and_the_same_command_again_is_none(story: Story) -> None:
    book = begin(story).registered(3).judged(3).book
    assert start_trial(book, make_plan(2), now=story.now) is None
    for plan in (make_plan(3), make_plan(2, shadow_per_mille=500), make_plan(2, by="bob")):
        with pytest.raises(ReleaseConflictError, match="version 2 is on trial until"):
            start_trial(book, plan, now=story.now)
    later = story.now + timedelta(days=8)
    assert start_trial(book, make_plan(3), now=later) is not None


ENDS = {
    "stopped": lambda s: s.stopped(2),
    "promoted": lambda s: s.promoted(2),
    "rejected": lambda s: s.tell(reject(s.book, 2, by="anna", reason="it lisps")),
    "quarantined": lambda s: s.quarantined(2),
    "judged anew": lambda s: s.judged(2, evidence_digest="9" * 64),
    "live quarantined": lambda s: s.quarantined(1),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_a_canary(story: Story, how: str) -> None:
    begin(story.approved(2), canary_per_mille=20)
    assert story.book.trial is not None
    book = ENDS[how](story).book
    assert book.trial is None
    assert [trial.version for trial in book.trials] == [2]


def test_another_release_ends_a_trial_and_a_new_verdict_no_shadow(story: Story) -> None:
    begin(story).judged(2, evidence_digest="9" * 64)
    assert story.book.trial is not None
    assert story.released(3).book.trial is None


def test_an_approval_for_another_live_version_is_not_heard() -> None:
    story = Story().released(1).registered(2).judged(2).approved(2).released(3)
    with pytest.raises(ReleaseConflictError, match="approved to replace version 1, live is"):
        begin(story, canary_per_mille=20)
    with pytest.raises(ReleaseConflictError):
        promote(story.book, 2, expected_live=3, by="anna", now=story.now)


@pytest.mark.parametrize(
    ("prepare", "number", "error"),
    [
        (lambda s: s, 1, AlreadyDecidedError),
        (lambda s: s, 9, UnknownVersionError),
        (lambda s: s.quarantined(2), 2, QuarantinedVersionError),
        (lambda s: s.quarantined(1), 2, ReleaseConflictError),
    ],
)
def test_which_versions_cannot_be_tried(
    story: Story, prepare: Any, number: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        begin(prepare(story), number)


def test_all_faults_of_a_plan_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        make_plan(canary_per_mille=51, shadow_per_mille=1001, days=31)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "canary_per_mille",
        "shadow_per_mille",
        "days",
    ]
    with pytest.raises(ConfigError, match="both are 0"):
        make_plan(shadow_per_mille=0)


def test_policies_start_no_trial_and_people_stop_it_under_their_name(story: Story) -> None:
    with pytest.raises(ApproverError):
        begin(story, by="policy:auto")
    with pytest.raises(ReleaseError, match="version 2 is not on trial; no version is"):
        stop_trial(story.book, 2, by="anna", reason="x")
    begin(story)
    with pytest.raises(ApproverError):
        stop_trial(story.book, 2, by=MONITOR_ACTOR, reason="x")
    story.stopped(2)
    assert stop_trial(story.book, 2, by="anna", reason="again") is None


def test_the_monitor_ends_the_trial_that_it_looked_at_and_no_other(story: Story) -> None:
    number = begin(story).book.trials[-1].number
    assert stop_by_monitor(story.book, number - 1, reason="x", figures={}) is None
    draft = stop_by_monitor(story.book, number, reason="it fails", figures={"live": {}})
    assert draft is not None
    assert (draft.actor, draft.facts) == (
        MONITOR_ACTOR,
        {"trial": number, "figures": {"live": {}}},
    )
    assert story.tell(draft).book.trial is None
