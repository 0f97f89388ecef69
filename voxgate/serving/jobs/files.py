"""The files of a job: one name an attempt, so that nobody writes over a published one."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from voxgate.errors import ExternalServiceError, StorageError
from voxgate.serving.jobs.assets import keyed_asset_id
from voxgate.serving.jobs.ports import JobTools
from voxgate.serving.jobs.records import JobStatus, SpeechJob

__all__ = ["attempt_file", "remove_attempts", "remove_files"]

_LOGGER = logging.getLogger(__name__)


def attempt_file(job: SpeechJob, tools: JobTools, attempt: int) -> str:
    """Return the name that the file of an attempt has; only those with the secret know it."""
    return keyed_asset_id(tools.secret, {"job": job.id, "attempt": attempt})


def remove_attempts(tools: JobTools, job: SpeechJob) -> None:
    """Remove the files of all attempts but the one that was published."""
    published = job.output.asset_id if job.output is not None else None
    if job.status is JobStatus.RECALLED:
        published = None
    names = {attempt_file(job, tools, attempt) for attempt in range(1, job.attempt + 1)}
    remove_files(tools, sorted(names - {published}))


def remove_files(tools: JobTools, asset_ids: Sequence[str]) -> None:
    """Remove files; one that cannot be is left and logged, as nothing leads to it."""
    for asset_id in asset_ids:
        try:
            tools.assets.remove(asset_id)
        except (StorageError, ExternalServiceError) as error:  # nobody is told of this file
            _LOGGER.warning("asset %s is left over: %s", asset_id, error)
