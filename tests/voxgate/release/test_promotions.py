from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.releases import POLICY, START, Story
from voxgate.errors import (
    ApprovalNeededError,
    DecisionExpiredError,
    NothingToRollBackError,
    QuarantinedVersionError,
    ReleaseConflictError,
    UnknownVersionError,
)
from voxgate.release import promotions
from voxgate.release.states import State


def _states(story: Story) -> dict[int, str]:
    return {version: r.state.value for version, r in story.book.releases.items()}


def test_a_promotion_retires_what_was_live() -> None:
    story = Story().released(1).released(2)
    assert _states(story) == {1: "retired", 2: "live"}
    assert (story.book.live, story.book.previous) == (2, 1)


def test_promoting_a_live_version_again_changes_nothing() -> None:
    book = Story().released(1).book
    assert promotions.promote(book, 1, expected_live=None, by="anna", now=START) is None


def test_only_an_approved_version_is_promoted() -> None:
    story = Story().registered(1).judged(1)
    with pytest.raises(ApprovalNeededError, match="version 1 is pending, not approved"):
        promotions.promote(story.book, 1, expected_live=None, by="anna", now=story.now)


def test_a_promotion_that_expects_something_else_to_be_live_is_refused() -> None:
    story = Story().released(1).registered(2).judged(2).approved(2)
    with pytest.raises(ReleaseConflictError, match="expected version none to be live, found 1"):
        promotions.promote(story.book, 2, expected_live=None, by="anna", now=story.now)


def test_an_approval_does_not_outlive_what_it_was_to_replace() -> None:
    story = Story().registered(1).judged(1).approved(1).released(2)
    with pytest.raises(ReleaseConflictError, match="found 2: another release came first"):
        promotions.promote(story.book, 1, expected_live=2, by="anna", now=story.now)


def test_an_approval_that_was_not_used_in_time_is_over() -> None:
    story = Story().registered(1)
    story.judged(1, expires_at=story.now + timedelta(hours=1)).approved(1)
    late = story.now + timedelta(hours=2)
    with pytest.raises(DecisionExpiredError, match="was valid until 2026-11-22T13:00"):
        promotions.promote(story.book, 1, expected_live=None, by="anna", now=late)


def test_a_rollback_goes_to_the_version_before_and_not_back_again() -> None:
    story = Story().released(1).released(2).released(3).rolled_back()
    assert (story.book.live, story.book.previous) == (2, 1)
    assert story.rolled_back(to=1, reason="2 hums too").book.live == 1
    assert story.book.previous is None


def test_a_repeated_rollback_changes_nothing_and_a_second_step_names_its_target() -> None:
    story = Story().released(1).released(2).released(3).rolled_back()
    again = promotions.roll_back(story.book, to=None, expected_live=2, by="anna", reason="it hums")
    assert again is None
    with pytest.raises(NothingToRollBackError, match=r"name the version: --to 1"):
        promotions.roll_back(story.book, to=None, expected_live=2, by="anna", reason="2 hums too")


def test_there_is_nothing_to_go_back_to_from_the_first_version() -> None:
    with pytest.raises(NothingToRollBackError, match="no version was live before version 1"):
        Story().released(1).rolled_back()


def test_a_rollback_never_goes_to_a_quarantined_version() -> None:
    story = Story().released(1).released(2).released(3).quarantined(2)
    with pytest.raises(QuarantinedVersionError, match=r"Earlier good version: 1\."):
        story.rolled_back(to=2)
    assert story.rolled_back().book.live == 1


def test_a_rollback_goes_only_where_something_was_live() -> None:
    story = Story().released(1).registered(2).judged(2)
    with pytest.raises(NothingToRollBackError, match="version 2 is pending and was never live"):
        story.rolled_back(to=2)
    with pytest.raises(UnknownVersionError):
        story.rolled_back(to=9)


def test_quarantine_takes_the_live_version_down_and_a_rollback_brings_the_one_before() -> None:
    story = Story().released(1).released(2).quarantined(2)
    assert (story.book.live, story.book.previous) == (None, 1)
    assert promotions.quarantine(story.book, 2, POLICY, by="anna", reason="again") is None
    assert story.rolled_back().book.live == 1
    assert story.book.require(2).state is State.QUARANTINED


def test_a_quarantined_version_is_never_promoted() -> None:
    story = Story().registered(1).judged(1).approved(1).quarantined(1)
    with pytest.raises(QuarantinedVersionError, match="it never becomes live"):
        promotions.promote(story.book, 1, expected_live=None, by="anna", now=story.now)


def test_a_version_that_was_rolled_back_from_can_be_named_to_come_back() -> None:
    story = Story().released(1).released(2).rolled_back().rolled_back(to=2, reason="was the mic")
    assert story.book.live == 2
    assert not story.book.require(2).withdrawn
