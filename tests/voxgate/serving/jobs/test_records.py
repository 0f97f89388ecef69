from __future__ import annotations

import pytest

from tests.fakes.speech_jobs import make_draft
from voxgate.errors import SpeechRequestError, WorkerLostError
from voxgate.serving.jobs.records import JobError, JobStatus, new_job
from voxgate.serving.requests import Lane


def test_a_new_job_waits_from_now_until_it_expires() -> None:
    job = new_job(make_draft(lane=Lane.REAL_TIME, time_to_live_s=100.0), now_s=50.0)
    assert (job.status, job.due_at_s, job.expires_at_s) == (JobStatus.QUEUED, 50.0, 150.0)
    assert job.lane is Lane.REAL_TIME


def test_ids_say_nothing_of_the_request() -> None:
    first, second = (new_job(make_draft(), now_s=0.0).id for _ in range(2))
    assert first != second
    assert len(first) == len("job_") + 32


@pytest.mark.parametrize("key", ["", "k" * 256, "Schlüssel", "two\nlines"])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    with pytest.raises(SpeechRequestError, match="printable ASCII") as error:
        make_draft(idempotency_key=key)
    assert error.value.code == "idempotency_key_invalid"


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_to_live_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(SpeechRequestError, match="positive number of seconds"):
        make_draft(time_to_live_s=seconds)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (WorkerLostError("gone"), "worker_lost", "gone"),
        (SpeechRequestError("input", "too_long", "too long"), "too_long", "too long"),
        (KeyError("Hello Anna"), "internal", "a fault of the service (Key)"),
    ],
)
def test_an_error_has_a_stable_code_and_a_foreign_one_quotes_nothing(
    error: Exception, code: str, message: str
) -> None:
    assert JobError.of(error) == JobError(code=code, message=message)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(SpeechRequestError, match="surrogate") as error:
        make_draft(text="Hello \ud83d.")
    assert (error.value.field, error.value.code) == ("input", "text_invalid")
