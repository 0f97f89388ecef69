"""The one table of errors, held against the whole tree."""

from __future__ import annotations

import pytest

from voxgate import errors
from voxgate.adapters.http.problems import PROBLEMS, explain, problem_of
from voxgate.serving.pool.memory_budget import (
    DeviceMemoryError,
    OutOfDeviceMemoryError,
    UnmeasuredError,
)

NAMES = {"instance": "/v1/audio/speech", "request_id": "r", "trace_id": "t"}


def made(kind: type[Exception]) -> Exception:
    """Return an error of a kind, however its constructor is called."""
    special: dict[type[Exception], Exception] = {
        errors.ConfigError: errors.ConfigError("file", ["a", "b"]),
        errors.TemplateError: errors.TemplateError("file", ["said"]),
        errors.TranscriptError: errors.TranscriptError("file", ["said"]),
        errors.RecipientListError: errors.RecipientListError("file", ["said"]),
        errors.ManifestError: errors.ManifestError("file", ["a", "b"]),
        errors.ProfileRefusedError: errors.ProfileRefusedError("anna", ["too short", "clipped"]),
        errors.RecordingError: errors.RecordingError("code", "said"),
        errors.SpeechRequestError: errors.SpeechRequestError("voice", "bad", "said"),
        errors.AccessDeniedError: errors.AccessDeniedError("said", known=True),
        errors.OverloadedError: errors.OverloadedError("said", retry_after_s=7.2),
    }
    return special.get(kind) or kind("said")


TREE = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_of_voxgate_is_a_problem_that_fits(kind: type[Exception]) -> None:
    error = made(kind)
    problem = problem_of(error)
    body = explain(error, **NAMES)
    assert 400 <= problem.status < 600
    assert body["status"] == problem.status
    assert body["error"]["code"]
    assert body["type"] == f"urn:voxgate:problem:{body['error']['code'].replace('_', '-')}"
    if problem.status >= 500:
        assert "said" not in str(body)
    else:
        assert "said" in body["detail"] or "too short" in body["detail"]


@pytest.mark.parametrize(
    ("kind", "status", "retryable"),
    [
        (errors.TextError, 400, False),
        (errors.ReferenceAudioError, 422, False),
        (errors.ConsentError, 403, False),
        (errors.ProfileStateError, 403, False),
        (errors.UnknownVersionError, 404, False),
        (errors.UnknownProfileError, 404, False),
        (errors.UnknownPresetError, 404, False),
        (errors.QuarantinedVersionError, 410, False),
        (errors.LedgerError, 503, True),
        (errors.LedgerTamperedError, 503, False),
        (errors.StorageError, 503, True),
        (errors.ExternalServiceError, 503, True),
        (errors.DeadlineError, 503, True),
        (errors.WorkerLostError, 503, True),
        (DeviceMemoryError, 503, True),
        (OutOfDeviceMemoryError, 503, True),
        (UnmeasuredError, 400, False),
        (errors.OverloadedError, 429, True),
        (errors.VoiceError, 400, False),
        (errors.ConfigError, 500, False),
    ],
)
def test_what_a_client_is_to_do_about_it(
    kind: type[Exception], status: int, retryable: bool
) -> None:
    problem = problem_of(made(kind))
    assert (problem.status, problem.retryable) == (status, retryable)


def test_a_stranger_is_told_apart_from_one_who_may_not() -> None:
    stranger = errors.AccessDeniedError("who?", known=False)
    assert problem_of(stranger).status == 401
    assert problem_of(made(errors.AccessDeniedError)).status == 403


def test_every_failed_check_of_a_speaker_is_told() -> None:
    body = explain(made(errors.ProfileRefusedError), **NAMES)
    assert body["faults"] == ["too short", "clipped"]


def test_an_error_that_nobody_expected_is_ours() -> None:
    body = explain(KeyError("anna's text"), **NAMES)
    assert (body["status"], body["error"]["code"]) == (500, "internal_error")
    assert "anna" not in str(body)


def test_what_a_caller_wrote_cannot_repaint_a_terminal() -> None:
    body = explain(errors.SpeechRequestError("x", "bad", "\x1b[2J" + "y" * 5_000), **NAMES)
    assert "\x1b" not in body["detail"]
    assert len(body["detail"]) <= 1_000


def test_codes_are_of_one_meaning() -> None:
    codes = [problem.code for problem in PROBLEMS.values()]
    assert len(codes) == len(set(codes))
