"""What went wrong, as RFC 9457 problem details that OpenAI clients can read too.

One table says what each error of voxgate is over HTTP. What is our own fault is told in our own
words and without the error's: those name databases, paths and machines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from voxgate import errors
from voxgate.adapters.http.faults import (
    BodyTooLargeError,
    ConcurrencyLimitError,
    GoneAwayError,
    NoAudioError,
    RateLimitError,
    RefusedAddressError,
    ReleaseGatedError,
    SlowUploadError,
    UnsatisfiableRangeError,
)
from voxgate.adapters.http.tracing import trace_of
from voxgate.campaigns.service import CampaignRefusedError
from voxgate.errors import UnknownCampaignError
from voxgate.printable import printable
from voxgate.serving.jobs.assets import UnknownAssetError
from voxgate.serving.jobs.records import UnknownJobError
from voxgate.serving.pool.memory_budget import DeviceMemoryError, UnmeasuredError

__all__ = ["PROBLEMS", "Problem", "explain", "problem_of", "problem_of_kind", "respond"]

MEDIA_TYPE = "application/problem+json"
_LONGEST_DETAIL = 1_000
_LONGEST_PARAM = 80  # a caller may have written it
_FIRST_OF_OURS = 500


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A kind of error over HTTP: `kind` and `code` are what OpenAI calls `type` and `code`."""

    status: int
    title: str
    kind: str
    code: str
    retryable: bool = False
    param: str | None = None
    retry_after_s: float | None = None


def _request(status: int, code: str, title: str, param: str | None = None) -> Problem:
    kind = "not_found_error" if status == 404 else "invalid_request_error"  # noqa: PLR2004
    return Problem(status=status, title=title, kind=kind, code=code, param=param)


def _refused(code: str, title: str, param: str | None = None) -> Problem:
    return Problem(status=403, title=title, kind="permission_error", code=code, param=param)


def _busy(code: str, title: str) -> Problem:
    return Problem(status=429, title=title, kind="rate_limit_error", code=code, retryable=True)


def _away(code: str, title: str, retry_after_s: float = 5.0) -> Problem:
    return Problem(
        status=503,
        title=title,
        kind="server_error",
        code=code,
        retryable=True,
        retry_after_s=retry_after_s,
    )


def _failed(code: str, title: str, status: int = 500) -> Problem:
    return Problem(status=status, title=title, kind="server_error", code=code)


_INTERNAL = _failed("internal_error", "The server failed to do this")

PROBLEMS: Mapping[type[Exception], Problem] = {
    # what is asked for cannot be served
    errors.SpeechRequestError: _request(400, "invalid_value", "The request cannot be served"),
    errors.TextError: _request(400, "text_not_speakable", "The text cannot be spoken", "input"),
    UnmeasuredError: _request(400, "not_measured", "Too long for this device", "input"),
    errors.VoiceError: _request(400, "voice_refused", "The voice cannot speak this"),
    errors.UnsafePathError: _request(400, "unsafe_path", "A path is not allowed"),
    errors.ReferenceAudioError: _request(422, "reference_refused", "The reference cannot be used"),
    errors.ProfileRefusedError: _request(422, "profile_refused", "The speaker is not enrolled"),
    errors.UnknownVersionError: _request(404, "model_not_found", "There is no such model", "model"),
    errors.UnknownProfileError: _request(404, "voice_not_found", "There is no such voice", "voice"),
    errors.UnknownPresetError: _request(
        404, "preset_not_found", "There is no such preset", "preset"
    ),
    # 410: clients of OpenAI try a 409 again, and a quarantine does not end by itself
    errors.QuarantinedVersionError: _request(
        410, "version_quarantined", "The version was withdrawn", "model"
    ),
    UnknownJobError: _request(404, "job_not_found", "There is no such job"),
    UnknownCampaignError: _request(404, "campaign_not_found", "There is no such campaign"),
    CampaignRefusedError: _request(422, "campaign_refused", "The campaign file cannot be used"),
    errors.TemplateError: _request(
        422, "template_refused", "A template cannot be spoken", "templates"
    ),
    errors.RecipientListError: _request(422, "list_refused", "The list cannot be read"),
    errors.CampaignStateError: _request(
        409, "campaign_state", "The campaign's state does not allow this"
    ),
    errors.NotCalibratedError: _request(
        409, "not_calibrated", "The check has no limits for this voice"
    ),
    # an address is only told of a file that is there; what is not any more was recalled
    UnknownAssetError: _request(410, "audio_gone", "The audio was recalled"),
    UnsatisfiableRangeError: _request(416, "range_not_satisfiable", "Nothing lies in this range"),
    errors.ReleaseError: _request(409, "release_conflict", "The release does not allow this"),
    BodyTooLargeError: _request(413, "body_too_large", "The request is too large"),
    SlowUploadError: Problem(
        status=408,
        title="The request did not arrive in time",
        kind="invalid_request_error",
        code="request_timeout",
        retryable=True,
    ),
    # who asks may not
    RefusedAddressError: _refused("address_refused", "The address leads nowhere"),
    errors.ConsentError: _refused("consent_refused", "The consent does not cover this", "voice"),
    errors.ProfileStateError: _refused(
        "voice_not_usable", "The voice may not be used now", "voice"
    ),
    errors.AccessDeniedError: _refused("permission_denied", "The key may not do this"),
    ReleaseGatedError: _refused("release-gated", "Weights change by release only"),
    # not now
    RateLimitError: _busy("rate_limit_exceeded", "Too many requests of this key"),
    ConcurrencyLimitError: _busy(
        "too_many_concurrent_requests", "Too many requests of this key at once"
    ),
    errors.OverloadedError: _busy("queue_full", "Too many requests"),
    errors.DeadlineError: _away("deadline_exceeded", "Nobody was free in time", 1.0),
    errors.WorkerLostError: _away("worker_lost", "The workers that spoke were lost"),
    DeviceMemoryError: _away("device_memory", "The device has no room"),
    errors.LedgerError: _away("ledger_unavailable", "The ledger cannot be read"),
    errors.LedgerTamperedError: _failed("ledger_tampered", "The ledger is not whole", 503),
    errors.LedgerSchemaError: _failed("ledger_newer", "The ledger is newer than the server", 503),
    errors.StorageError: _away("storage_unavailable", "The storage does not answer"),
    errors.ExternalServiceError: _away("dependency_unavailable", "A dependency does not answer"),
    errors.LockHeldError: _away("locked", "Somebody else is at it"),
    errors.AssetError: _away("weights_unavailable", "Weights cannot be loaded"),
    # ours
    NoAudioError: _failed("no_audio", "The voice gave no audio"),
    GoneAwayError: _request(499, "client_gone", "The client left"),
    errors.VoxgateError: _INTERNAL,
}
"""The nearest base class in this table says what an error is."""

_BY_CODE: Mapping[str, Problem] = {
    "consent_invalid": _request(422, "consent_invalid", "The consent is no record of one"),
    "idempotency_key_reused": _request(
        422, "idempotency_key_reused", "The key names another request"
    ),
    "upload_in_progress": Problem(
        status=409,
        title="Another list is being read",
        kind="invalid_request_error",
        code="upload_in_progress",
        retryable=True,
        retry_after_s=5.0,
    ),
    "dry_run_not_found": _request(404, "dry_run_not_found", "There is no such dry run"),
    "report_not_found": _request(404, "report_not_found", "There is no report"),
    "job_ended": _request(409, "job_ended", "The job has ended"),
    "job_has_no_output": _request(409, "job_has_no_output", "The job has no audio"),
}
"""Requests that are refused for more than the value of a field."""

_BY_STATUS = {
    400: ("bad_request", "The request cannot be read"),
    404: ("not_found", "There is nothing at this address"),
    405: ("method_not_allowed", "This address does not take that method"),
}


def problem_of(error: Exception) -> Problem:
    """Return what an error is over HTTP; one that nobody expected is an internal error."""
    if isinstance(error, errors.AccessDeniedError) and not error.known:
        title = "A valid key is needed"
        return Problem(status=401, title=title, kind="authentication_error", code="invalid_api_key")
    if isinstance(error, HTTPException):
        code, title = _BY_STATUS.get(error.status_code, ("http_error", "The request was refused"))
        return _request(error.status_code, code, title)
    if isinstance(error, errors.SpeechRequestError) and error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return problem_of_kind(type(error))


def problem_of_kind(kind: type[Exception]) -> Problem:
    """Return what the errors of a class are."""
    return next((PROBLEMS[each] for each in kind.__mro__ if each in PROBLEMS), _INTERNAL)


def explain(error: Exception, *, instance: str, request_id: str, trace_id: str) -> dict[str, Any]:
    """Return the problem body of an error, with the member `error` of OpenAI."""
    problem = problem_of(error)
    detail, param, code = problem.title, problem.param, problem.code
    if problem.status < _FIRST_OF_OURS:
        said = error.detail if isinstance(error, HTTPException) else str(error)
        detail = str(printable(said))[:_LONGEST_DETAIL]
    if isinstance(error, errors.SpeechRequestError):
        code = error.code
        param = None if error.field is None else printable(error.field)[:_LONGEST_PARAM]
    if isinstance(error, CampaignRefusedError):
        param = printable(error.faults[0].partition(":")[0])[:_LONGEST_PARAM]
    return {
        "type": f"urn:voxgate:problem:{code.replace('_', '-')}",
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "instance": printable(instance),
        "request_id": request_id,
        "trace_id": trace_id,
        "retryable": problem.retryable,
        **_faults(error),
        "error": {"message": detail, "type": problem.kind, "param": param, "code": code},
    }


def respond(
    request: Request, error: Exception, *, upstream: bool = False, close: bool = False
) -> JSONResponse:
    """Answer a request with its problem.

    `upstream` adds what clients of GPT-SoVITS read, who know no faulty request but 400. `close`
    ends the connection with it: what follows on it may be no request.
    """
    trace = trace_of(request)
    body = explain(
        error, instance=request.url.path, request_id=trace.request_id, trace_id=trace.trace_id
    )
    if upstream:
        if body["status"] in (404, 409, 410, 422):
            body["status"] = 400
        body |= {"message": "tts failed", "Exception": body["detail"]}
    return JSONResponse(
        body,
        status_code=body["status"],
        headers=_headers(error, close=close),
        media_type=MEDIA_TYPE,
    )


def _headers(error: Exception, *, close: bool) -> dict[str, str]:
    problem = problem_of(error)
    headers = {}
    wait_s = problem.retry_after_s
    if isinstance(error, errors.OverloadedError):
        wait_s = error.retry_after_s
    if wait_s is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    if problem.status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = 'Bearer realm="voxgate"'
    if isinstance(error, HTTPException):
        headers |= dict(error.headers or {})
    if isinstance(error, UnsatisfiableRangeError):
        headers["Content-Range"] = f"bytes */{error.size}"
    if close or isinstance(error, BodyTooLargeError | SlowUploadError):
        headers["Connection"] = "close"  # what was not read must not be taken for a request
    return headers


def _faults(error: Exception) -> dict[str, list[str]]:
    listed = (
        errors.ProfileRefusedError,
        CampaignRefusedError,
        errors.TemplateError,
        errors.RecipientListError,
    )
    if isinstance(error, listed):
        return {"faults": printable(list(error.faults))}
    return {}
