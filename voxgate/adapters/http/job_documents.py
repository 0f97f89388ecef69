"""A job as callers see it: JSON values, times in whole seconds since 1970."""

from __future__ import annotations

from typing import Any

from voxgate import errors
from voxgate.adapters.http.problems import problem_of_kind
from voxgate.serving.jobs.desk import SpeechAddress
from voxgate.serving.jobs.records import JobError, JobOutput, SpeechJob, error_code

__all__ = ["describe_job"]

_FIRST_OF_OURS = 500
_PROBLEMS = {
    error_code(kind): problem_of_kind(kind)
    for kind in (getattr(errors, name) for name in errors.__all__)
}
_POISON = "the workers that spoke it were lost, each time"


def describe_job(job: SpeechJob, address: SpeechAddress | None) -> dict[str, Any]:
    """Return the status of a job. Its text is no part of it: status pages end in logs."""
    request = job.request
    version = "" if request.version is None else f"@{request.version}"
    return {
        "id": job.id,
        "object": "speech.job",
        "status": job.status.value,
        "created_at": int(job.created_at_s),
        "started_at": _whole(job.started_at_s),
        "completed_at": _whole(job.completed_at_s),
        "expires_at": int(job.expires_at_s),
        "attempt": job.attempt,
        "request_id": job.caller.request_id,
        "trace_id": job.caller.trace_id,
        "model": f"{request.model}{version}",
        "voice": request.profile or "default",
        "preset": request.preset,
        "seed": request.seed,
        "speed": request.speed,
        "characters": len(request.text),
        "response_format": job.format,
        "error": None if job.error is None else _error(job.error),
        "output": None if job.output is None else _output(job.output, address),
    }


def _output(output: JobOutput, address: SpeechAddress | None) -> dict[str, Any]:
    """Return what was made; without an address it was recalled."""
    return {
        "url": None if address is None else address.url,
        "url_expires_at": None if address is None else address.expires_at_s,
        "media_type": output.media_type,
        "bytes": output.bytes,
        "sha256": output.sha256,
        "pcm_sha256": output.pcm_sha256,
        "duration_s": round(output.duration_s, 3),
        "sample_rate": output.sample_rate_hz,
        "sentences": output.sentences,
        "cut_sentences": output.cut_sentences,
        "model": f"{output.model}@{output.version}",
        "voice_digest": output.voice_digest,
        "voice": output.profile or "default",
        "preset": output.preset,
        "preset_digest": output.preset_digest,
        "seed": output.seed,
    }


def _error(error: JobError) -> dict[str, Any]:
    """Return the code that a direct request would get; faults of ours keep their words here."""
    problem = _PROBLEMS.get(error.code)
    if problem is None:
        message = _POISON if error.code == "poison" else error.message
        return {"code": error.code, "message": message}
    ours = problem.status >= _FIRST_OF_OURS
    return {"code": problem.code, "message": problem.title if ours else error.message}


def _whole(time_s: float | None) -> int | None:
    return None if time_s is None else int(time_s)
