"""Compare versions of data/, and exchange them with the remote that the settings name."""

from __future__ import annotations

from pathlib import Path

from voxgate.adapters.dvc import remote
from voxgate.adapters.dvc.diff import (
    DataDiff,
    DataVersion,
    compare_data,
    diff_versions,
    open_versions,
)
from voxgate.adapters.dvc.remote import DataRemote
from voxgate.adapters.dvc.validated import ValidatedTable, find_validated
from voxgate.settings import Settings

__all__ = [
    "DataDiff",
    "DataVersion",
    "ValidatedTable",
    "compare_data",
    "diff_versions",
    "find_validated",
    "open_versions",
    "pull_data",
    "push_data",
]


def push_data(root: Path, settings: Settings) -> int:
    """Send the registered version to the remote; return the number of files sent.

    Raises:
        DataVersionError: DVC's cache does not have all of it.
        ExternalServiceError: the remote cannot be reached, or refuses.
    """
    return remote.push_data(root, _remote(settings))


def pull_data(root: Path, settings: Settings, *, force: bool = False) -> int:
    """Make data/ the version that data.dvc names; return the number of files fetched.

    Raises:
        DataVersionError: data/ has changes that are registered nowhere, and not `force`.
        ExternalServiceError: the remote cannot be reached, or does not have it.
    """
    return remote.pull_data(root, _remote(settings), force=force)


def _remote(settings: Settings) -> DataRemote:
    return DataRemote(url=settings.data_remote_url, endpoint=settings.data_remote_endpoint)
