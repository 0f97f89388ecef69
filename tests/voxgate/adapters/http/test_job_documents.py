from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.fakes.speech_jobs import make_draft
from voxgate import errors
from voxgate.adapters.http.job_documents import describe_job
from voxgate.serving.jobs.records import JobError, new_job

JOB = new_job(make_draft(text="A private matter."), now_s=1_800_000_000.9)


def test_a_new_job_says_when_and_how_much_and_not_what() -> None:
    told = describe_job(JOB, None)
    assert (told["created_at"], told["started_at"], told["completed_at"]) == (
        1_800_000_000, None, None,
    )  # fmt: skip
    assert (told["characters"], told["model"], told["voice"]) == (17, "voice-test", "default")
    assert told["request_id"] == "request-1"
    assert "private" not in json.dumps(told)


def test_a_version_that_was_asked_for_is_told() -> None:
    request = replace(JOB.request, version=7)
    assert describe_job(replace(JOB, request=request), None)["model"] == "voice-test@7"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (errors.UnknownProfileError("no voice anna"), "voice_not_found", "no voice anna"),
        (errors.TextError("what is §?"), "text_not_speakable", "what is §?"),
        (
            errors.SpeechRequestError("voice", "invalid_value", "voice: no"),
            "invalid_value", "voice: no",
        ),
        (
            errors.StorageError("/srv/speech is full"),
            "storage_unavailable", "The storage does not answer",
        ),
        (
            errors.ExternalServiceError("postgresql://host"),
            "dependency_unavailable", "A dependency does not answer",
        ),
        (KeyError("A private matter."), "internal", "a fault of the service (Key)"),
    ],
)  # fmt: skip
def test_an_error_has_the_words_that_a_request_would_get(
    error: Exception, code: str, message: str
) -> None:
    told = describe_job(replace(JOB, error=JobError.of(error)), None)["error"]
    assert told == {"code": code, "message": message}


def test_poison_does_not_tell_what_the_last_worker_died_of() -> None:
    error = JobError(code="poison", message="3 runners did not …; the last: /srv/voice is full")
    told = describe_job(replace(JOB, error=error), None)["error"]
    assert (told["code"], "/srv" in told["message"]) == ("poison", False)
