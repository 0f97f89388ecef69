from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.speech_jobs import make_draft
from voxgate.errors import LeaseLostError, SpeechRequestError
from voxgate.serving.jobs.records import ENDED, JobError, JobStatus, SpeechJob, new_job
from voxgate.serving.jobs.transitions import (
    MAX_DELIVERIES,
    MAX_SILENT,
    cancel,
    end_if_over,
    fail,
    hand_back,
    recall,
    renew,
    require_same_payload,
    require_token,
    take,
)

ERROR = JobError(code="text", message="nothing to say")


def _job(**changes: object) -> SpeechJob:
    return replace(new_job(make_draft(time_to_live_s=100.0), now_s=1000.0), **changes)


def test_taking_a_job_gives_a_larger_token_each_time_and_keeps_the_first_start() -> None:
    first = take(_job(), 1001.0, lease_s=60)
    assert (first.status, first.attempt, first.started_at_s) == (JobStatus.RUNNING, 1, 1001.0)
    assert first.due_at_s == 1061.0
    second = take(first, 1062.0, lease_s=60)
    assert (second.attempt, second.started_at_s) == (2, 1001.0)


def test_an_attempt_is_silent_when_its_lease_is_found_over_and_counted_when_it_told() -> None:
    first = take(_job(), 1001.0, lease_s=60)
    assert (first.silent, first.deliveries) == (0, 0)
    again = take(first, 1062.0, lease_s=60)
    assert (again.silent, again.deliveries) == (1, 0), "nobody said that it was the text"
    told = hand_back(again, 1063.0, error=ERROR, pause_s=0.0, counted=True)
    third = take(told, 1064.0, lease_s=60)
    assert (third.silent, third.deliveries) == (1, 1), "the second attempt was not silent"


def test_after_three_silent_attempts_each_makes_the_next_wait_twice_as_long() -> None:
    job, now_s, pauses = _job(expires_at_s=1e6), 1001.0, []
    while (job := take(job, now_s, lease_s=60)).status is JobStatus.RUNNING:
        assert job.due_at_s is not None
        assert renew(job, now_s, lease_s=60).due_at_s == job.due_at_s
        pauses.append(job.due_at_s - now_s)
        now_s = job.due_at_s
    assert pauses == [60.0 * n for n in (1, 1, 1, 2, 4, 8, 16, 32, 32, 32)]
    assert len(pauses) == MAX_SILENT
    assert job.error == JobError(
        code="poison", message="10 runners died while they had it; nothing was heard of them"
    )


@pytest.mark.parametrize("due_at_s", [None, 1002.0])
def test_a_job_that_is_not_due_is_not_taken(due_at_s: float | None) -> None:
    with pytest.raises(ValueError, match="is not due"):
        take(_job(due_at_s=due_at_s), 1001.0, lease_s=60)


def test_an_expired_job_is_expired_even_if_it_is_poison() -> None:
    ended = take(_job(deliveries=MAX_DELIVERIES), 1100.0, lease_s=60)
    assert (ended.status, ended.completed_at_s, ended.due_at_s) == (
        JobStatus.EXPIRED,
        1100.0,
        None,
    )


def test_poison_says_what_the_last_runner_said() -> None:
    assert end_if_over(_job(deliveries=MAX_DELIVERIES - 1), 1001.0) is None
    silent = end_if_over(_job(deliveries=MAX_DELIVERIES), 1001.0)
    told = end_if_over(_job(deliveries=MAX_DELIVERIES, error=ERROR), 1001.0)
    assert silent is not None
    assert told is not None
    assert silent.error is not None
    assert told.error is not None
    assert silent.status is told.status is JobStatus.FAILED
    assert silent.error.message.endswith("nothing was heard of them")
    assert told.error.message.endswith("the last: nothing to say")
    assert told.error.code == "poison"


@pytest.mark.parametrize("status", sorted(set(JobStatus) - {JobStatus.RUNNING}))
def test_a_token_holds_only_what_runs(status: JobStatus) -> None:
    with pytest.raises(LeaseLostError, match=f"it is {status} at attempt 1"):
        require_token(_job(status=status, attempt=1), 1)


def test_a_token_holds_only_its_own_attempt() -> None:
    job = take(_job(), 1001.0, lease_s=60)
    require_token(job, 1)
    for token in (0, 2):
        with pytest.raises(LeaseLostError):
            require_token(job, token)


def test_another_payload_is_another_request_and_another_caller_is_not() -> None:
    job = _job()
    draft = make_draft(time_to_live_s=100.0)
    require_same_payload(job, replace(draft, caller=replace(draft.caller, request_id="other")))
    for other in (
        replace(draft, format="mp3"),
        replace(draft, request=replace(draft.request, seed=1)),
    ):
        with pytest.raises(SpeechRequestError) as error:
            require_same_payload(job, other)
        assert (error.value.code, error.value.field) == (
            "idempotency_key_reused",
            "Idempotency-Key",
        )


def test_a_job_that_is_handed_back_counts_only_where_it_may_be_the_cause() -> None:
    job = take(_job(), 1001.0, lease_s=60)
    free = hand_back(job, 1002.0, error=ERROR, pause_s=4.0, counted=False)
    assert (free.status, free.deliveries, free.due_at_s) == (JobStatus.QUEUED, 0, 1006.0)
    assert free.attempt == 1, "the token is spent"
    assert free.error == ERROR
    assert hand_back(job, 1002.0, error=None, pause_s=4.0, counted=True).deliveries == 1


def test_a_machine_that_dies_does_not_use_up_what_a_text_may_do() -> None:
    job = _job(deliveries=MAX_DELIVERIES - 1, silent=MAX_SILENT - 1)
    running = take(job, 1001.0, lease_s=60)
    assert running.status is JobStatus.RUNNING
    back = hand_back(running, 1002.0, error=None, pause_s=0.0, counted=False)
    assert end_if_over(back, 1003.0) is None
    assert end_if_over(running, 1003.0) is not None, "the tenth runner that says nothing"


def test_a_lease_is_renewed_from_now() -> None:
    job = take(_job(), 1001.0, lease_s=60)
    assert renew(job, 1050.0, lease_s=60).due_at_s == 1110.0


@pytest.mark.parametrize("status", sorted(ENDED - {JobStatus.CANCELLED}))
def test_what_has_ended_is_not_cancelled(status: JobStatus) -> None:
    with pytest.raises(SpeechRequestError, match=f"is {status}; only an open one") as error:
        cancel(_job(status=status), 1001.0)
    assert error.value.code == "job_ended"


def test_cancelling_twice_changes_nothing() -> None:
    once = cancel(_job(), 1001.0)
    assert (once.status, once.completed_at_s) == (JobStatus.CANCELLED, 1001.0)
    assert cancel(once, 1009.0) == once


@pytest.mark.parametrize("status", sorted(set(JobStatus) - {"succeeded", "recalled"}))
def test_only_a_result_is_recalled(status: JobStatus) -> None:
    with pytest.raises(SpeechRequestError, match="has nothing to recall"):
        recall(_job(status=status), 1001.0, reason="a bad version")


def test_a_recalled_job_says_why() -> None:
    done = _job(status=JobStatus.SUCCEEDED, completed_at_s=1050.0)
    taken_back = recall(done, 1060.0, reason="a bad version")
    assert taken_back.error == JobError(code="recalled", message="a bad version")
    assert (taken_back.status, taken_back.completed_at_s) == (JobStatus.RECALLED, 1050.0)
    assert recall(taken_back, 1070.0, reason="else") == taken_back


def test_a_failed_job_has_ended() -> None:
    ended = fail(take(_job(), 1001.0, lease_s=60), 1002.0, error=ERROR)
    assert (ended.due_at_s, ended.completed_at_s, ended.error) == (None, 1002.0, ERROR)
