"""What follows from checks: rules over the ledger alone."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.releases import Story, make_check
from voxgate.errors import ReleaseError, UnknownVersionError
from voxgate.release.events import Draft, Kind
from voxgate.release.health import Check
from voxgate.release.monitoring import find_alarms, plan_retreat, record_check
from voxgate.release.policy import MONITOR_ACTOR
from voxgate.release.promotions import roll_back


def two_versions() -> Story:
    return Story().released(1).released(2)


def retreat_of(story: Story) -> tuple[int, int | None] | None:
    found = plan_retreat(story.book)
    return None if found is None else (found.leaving, found.to)


def subjects(story: Story, day: int) -> list[str]:
    return [alarm.subject for alarm in find_alarms(story.book, date(2026, 11, day))]


def go_back(story: Story) -> Story:
    found = plan_retreat(story.book)
    assert found is not None
    book = story.book
    return story.tell(
        roll_back(
            book, to=found.to, expected_live=found.leaving, by=MONITOR_ACTOR, reason=found.reason
        )
    )


@pytest.mark.parametrize(
    ("checks", "leaves"),
    [
        (["failed"], False),
        (["failed", "failed"], True),
        (["failed", "ok", "failed"], False),
        (["failed", "hold", "failed"], True),
        (["failed", "hold", "hold"], False),
        (["failed", "failed", "hold"], False),
        (["hold", "hold", "hold"], False),
        (["failed", "hold", "ok", "failed"], False),
    ],
)
def test_two_consecutive_failures_take_a_version_down_and_a_hold_neither_counts_nor_resets(
    checks: list[str], leaves: bool
) -> None:
    story = two_versions()
    for day, health in enumerate(checks, start=20):
        story.checked(2, day, health)
    assert retreat_of(story) == ((2, 1) if leaves else None)


def test_a_quarantined_version_is_passed_over_and_without_a_good_one_there_is_no_target() -> None:
    story = Story().released(1).released(2).released(3).quarantined(2)
    story.checked(3, 20, "failed").checked(3, 21, "failed")
    assert retreat_of(story) == (3, 1)
    story.quarantined(1)
    assert retreat_of(story) == (3, None)


def test_failures_before_a_version_became_live_again_do_not_count() -> None:
    story = two_versions().checked(2, 20, "failed").rolled_back().rolled_back(to=2)
    story.checked(2, 21, "failed")
    assert story.book.releases[2].failures == 1
    assert retreat_of(story) is None


def test_a_day_is_measured_once_and_a_hold_may_be_tried_again() -> None:
    book = two_versions().checked(2, 20, "hold").book
    assert record_check(book, 2, make_check(20, "hold")) is None
    assert record_check(book, 2, make_check(20, "failed")) is not None
    measured = two_versions().checked(2, 20, "ok").book
    for health in ("ok", "failed", "hold"):
        assert record_check(measured, 2, make_check(20, health)) is None


def test_an_earlier_day_cannot_follow_a_later_one() -> None:
    book = two_versions().checked(2, 21, "ok").book
    with pytest.raises(ReleaseError, match="checked for 2026-11-21 already; an earlier day"):
        record_check(book, 2, make_check(20))
    with pytest.raises(UnknownVersionError):
        record_check(book, 7, make_check(22))


def test_a_check_survives_the_ledger() -> None:
    check = make_check(
        22, "failed", prompts=("a", "b"), samples=6, figures={"today": {"wer": 0.1}},
        digests={"model": None},
    )  # fmt: skip
    draft = record_check(two_versions().book, 2, check)
    assert isinstance(draft, Draft)
    assert (draft.kind, draft.actor) == (Kind.MONITORED, MONITOR_ACTOR)
    assert draft.reason == "failed on 2026-11-22: failed_code: the reason"
    assert Check.from_facts(draft.facts) == check


def test_every_failure_and_every_hold_has_its_alarm_and_an_ok_has_none() -> None:
    story = two_versions().checked(2, 20, "failed")
    assert subjects(story, 20) == ["voice-test version 2 failed its check (1 of 2) on 2026-11-20"]
    assert subjects(story, 21) == []
    story.checked(2, 21, "hold")
    assert subjects(story, 21) == [
        "voice-test version 2 could not be checked (failures before: 1) on 2026-11-21"
    ]
    assert subjects(story.checked(2, 22, "ok"), 22) == []


def test_a_rollback_is_told_with_the_check_that_caused_it_also_a_day_later() -> None:
    story = two_versions().checked(2, 20, "failed").checked(2, 21, "failed")
    go_back(story)
    expected = [
        "voice-test version 2 failed its check (2 of 2) on 2026-11-21",
        "voice-test was rolled back from version 2 to 1",
    ]
    assert subjects(story, 21) == expected
    assert subjects(story, 22) == expected  # the story's own rollback happened on the 22nd
    assert subjects(story, 23) == []
    keys = [alarm.key for alarm in find_alarms(story.book, date(2026, 11, 21))]
    assert keys == ["voice-test.2.2026-11-21.failed", "voice-test.2.11.rolled-back"]


def test_a_rollback_by_a_person_is_no_alarm() -> None:
    story = two_versions().checked(2, 22, "failed").rolled_back()
    assert subjects(story, 22) == []


def test_a_version_that_cannot_be_left_stays_live_and_says_what_to_do() -> None:
    story = Story().released(1).checked(1, 20, "failed").checked(1, 21, "failed")
    alarms = find_alarms(story.book, date(2026, 11, 21))
    assert alarms[-1].subject == "voice-test version 1 is live and has failed"
    assert "no earlier good version" in alarms[-1].text
    by_person = two_versions().checked(2, 20, "failed").checked(2, 21, "failed")
    text = find_alarms(by_person.book, date(2026, 11, 21))[-1].text
    assert "`voxgate rollback --to 1 --by YOU --reason WHY`" in text
