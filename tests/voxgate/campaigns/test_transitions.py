from functools import partial

import pytest

from voxgate.campaigns import transitions as change
from voxgate.campaigns.events import Kind
from voxgate.campaigns.records import ENDED, Campaign, CampaignState, Pinned
from voxgate.errors import CampaignStateError

S = CampaignState
PINNED = Pinned(
    model="voice-en",
    version=7,
    voice_digest="a" * 64,
    profile=None,
    reference_sha256=None,
    consent_scope="evaluation",
    consent_digest=None,
    preset="standard@1",
    preset_digest="b" * 64,
    quality_digest="c" * 64,
    recipe_digest="d" * 64,
    code="e" * 64,
)


def campaign(state: CampaignState = S.DRAFT, **changes) -> Campaign:
    return Campaign(
        id="spring",
        spec={},
        spec_digest="f" * 64,
        state=state,
        created_at_s=1.0,
        owner="anna",
        **changes,
    )


plan = partial(change.plan, pinned=PINNED, facts={"cells": 3}, actor="anna")
start = partial(change.start, actor="anna")
approve = partial(change.approve, actor="anna", reason="heard it")
pause = partial(change.pause, actor="anna", reason="lunch")
resume = partial(change.resume, actor="anna", reason="back", proofed=True)
stop = partial(change.stop, actor="hand", reason="too many refused", facts={})
cancel = partial(change.cancel, actor="anna", reason="not wanted")
end_part = partial(change.end_part, actor="hand")
expire = partial(change.expire, actor="hand", reason="late")
recall = partial(change.recall, actor="anna", reason="bad version", facts={})


def test_a_campaign_goes_from_draft_to_finished():
    found = campaign()
    kinds = []
    for step in (plan, start, end_part, approve, pause, resume, end_part):
        found, event = step(found, 5.0)
        assert event is not None
        kinds.append(event.kind)
    assert found.state is S.FINISHED
    assert found.completed_at_s == 5.0
    assert kinds == [
        Kind.PLANNED,
        Kind.STARTED,
        Kind.PROOFED,
        Kind.APPROVED,
        Kind.PAUSED,
        Kind.RESUMED,
        Kind.FINISHED,
    ]


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (start, S.PROOFING),
        (start, S.RUNNING),
        (approve, S.RUNNING),
        (pause, S.PAUSED),
        (resume, S.RUNNING),
        (cancel, S.CANCELLED),
        (recall, S.RECALLED),
        (end_part, S.PAUSED),
        (stop, S.FINISHED),
        (expire, S.FINISHED),
    ],
)
def test_what_is_done_already_changes_nothing_and_is_no_event(step, state):
    there = campaign(state)
    assert step(there, 9.0) == (there, None)


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        (plan, {S.DRAFT, S.PLANNED}),
        (start, {S.PLANNED, S.PROOFING, S.PROOFED, S.RUNNING}),
        (approve, {S.PROOFED, S.RUNNING}),
        (pause, {S.RUNNING, S.PAUSED}),
        (resume, {S.PAUSED, S.STOPPED, S.PROOFING, S.RUNNING}),
        (cancel, set(S) - ENDED | {S.CANCELLED}),
    ],
)
def test_every_other_state_is_refused_with_the_state_and_its_reason(step, allowed):
    for state in set(S) - allowed:
        with pytest.raises(CampaignStateError, match=f"{state} \\(because\\)"):
            step(campaign(state, why="because"), 1.0)


def test_planning_again_with_another_version_pins_it_anew():
    planned, _ = plan(campaign(), 1.0)
    same, event = plan(planned, 2.0)
    assert (same, event) == (planned, None)
    other = Pinned(**{**vars(PINNED), "version": 8})
    again, event = change.plan(planned, 3.0, pinned=other, facts={}, actor="anna")
    assert again.pinned == other
    assert event.facts["version"] == 8


def test_what_stopped_before_its_approval_goes_back_to_its_proof():
    found, _ = change.resume(campaign(S.STOPPED), 1.0, actor="anna", reason="mended", proofed=False)
    assert found.state is S.PROOFING


def test_a_finished_campaign_opens_again_for_what_a_person_let_pass():
    found, event = change.reopen(campaign(S.FINISHED, completed_at_s=3.0), 9.0)
    assert (found.state, found.completed_at_s, event) == (S.RUNNING, None, None)
    assert change.reopen(campaign(S.PAUSED), 9.0) == (campaign(S.PAUSED), None)
