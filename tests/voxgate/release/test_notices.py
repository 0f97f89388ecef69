from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fakes.releases import MODEL, POLICY, START, Story
from voxgate.release.audit import log
from voxgate.release.notices import Notice, notices

DAY = timedelta(days=1)


def _told(story: Story, **changes: object) -> list[Notice]:
    now = changes.pop("now", story.now)
    return notices(MODEL, log(story.rows), replace(POLICY, **changes), now)


def _subjects(story: Story, **changes: object) -> list[str]:
    return [notice.subject.removeprefix(f"{MODEL}: ") for notice in _told(story, **changes)]


def test_a_verdict_waits_for_a_person_until_it_is_decided() -> None:
    story = Story().registered(1)
    assert _subjects(story) == []
    story.judged(1)
    assert _subjects(story) == ["version 1 waits for a decision (PASS)"]
    [notice] = _told(story)
    assert "voxgate approve 1 --by YOU --reason WHY" in notice.text
    assert "hear: .voxgate/bundles/1.report/verdict.html (voxgate report 1)" in notice.text
    story.approved(1)
    assert _subjects(story) == []
    story.promoted(1)
    assert _subjects(story) == ["version 1 is live"]


def test_what_the_policy_decides_is_no_question_to_a_person() -> None:
    story = Story().released(1).registered(2).judged(2, needs_person=False)
    assert _subjects(story)[-1] == "version 2 waits for a decision (PASS)"
    assert _subjects(story, automatic=True) == ["version 1 is live"]


def test_a_verdict_that_is_not_offered_is_told_too() -> None:
    story = Story().registered(1).judged(1, verdict="HOLD").registered(2).judged(2, verdict="FAIL")
    assert _subjects(story) == [
        "the verdict on version 1 is HOLD",
        "the verdict on version 2 is FAIL",
    ]
    assert "hear: .voxgate/bundles/2.report/verdict.html (voxgate report 2)" in _told(story)[1].text


def test_a_question_that_was_asked_anew_is_told_once() -> None:
    story = Story().registered(1).judged(1).judged(1, evidence_digest="9" * 64)
    [notice] = _told(story)
    assert "on the evidence 999999999999" in notice.text


def test_rollback_and_quarantine_name_both_versions_who_and_why() -> None:
    story = Story().released(1).released(2).rolled_back(reason="it hums").quarantined(1)
    told = _told(story)
    assert [notice.subject for notice in told[2:]] == [
        f"{MODEL}: rolled back to version 1",
        f"{MODEL}: version 1 is quarantined",
    ]
    assert told[2].text == "version 2 was taken down by anna: it hums\n"
    assert told[3].text == "version 1 was live; nothing is live now. by anna: it swears\n"


def test_keys_follow_from_the_events_and_never_change() -> None:
    story = Story().released(1)
    [live] = _told(story)
    assert live.key == f"event-4-{story.rows[3].digest[:16]}"
    story.released(2)
    assert _told(story)[0] == live


def test_a_decision_that_ends_soon_is_told_once_and_only_while_it_is_open() -> None:
    end = START + 7 * DAY
    story = Story().registered(1).judged(1, expires_at=end)
    soon = f"{MODEL}: the decision about version 1 ends soon"
    early = _told(story, now=end - DAY - timedelta(seconds=1))
    assert soon not in [notice.subject for notice in early]
    [reminder] = [n for n in _told(story, now=end - DAY) if n.subject == soon]
    assert reminder in _told(story, now=end - timedelta(seconds=1))
    assert reminder not in _told(story, now=end)
    story.approved(1)
    assert soon not in [notice.subject for notice in _told(story, now=end - DAY)]


def test_an_override_that_ends_soon_is_told() -> None:
    end = START + 3 * DAY
    story = Story().registered(1).judged(1, verdict="FAIL")
    story.approved(1, override_until=end).promoted(1)
    assert _subjects(story, now=end - DAY)[-1] == "the override of version 1 ends soon"
    assert _subjects(story, now=end - 2 * DAY) == ["version 1 is live"]


def test_a_trial_is_told_of_when_it_begins_and_when_it_is_stopped() -> None:
    story = Story().released(1).registered(2).judged(2).approved(2).tried(2, canary_per_mille=20)
    story.stopped(2)
    begun, stopped = _told(story)[-2:]
    assert begun.subject == f"{MODEL}: version 2 is on trial"
    assert begun.text.startswith("heard by 20 in 1000, beside 100 in 1000, until 2026-11-29T12:00")
    assert stopped.subject == f"{MODEL}: the trial of version 2 was stopped"
    assert stopped.text == "by anna: enough was heard\n"
