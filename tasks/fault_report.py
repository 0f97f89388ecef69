"""How a stage tells its caller, across two process borders, which error ended it.

DVC replaces a command's exit status by its own, so the type and the message go through a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.errors import ExternalServiceError, StorageError, VoxgateError
from voxgate.files import read_json, write_json
from voxgate.stage import Workspace

__all__ = ["FaultReport", "clear_fault", "read_fault", "record_fault"]

_WORTH_A_RETRY = (ExternalServiceError, StorageError)


@dataclass(frozen=True)
class FaultReport:
    """The error that ended a stage. `transient` says whether trying again can help."""

    stage: str
    error_type: str
    message: str
    transient: bool


def record_fault(root: Path, stage: str, error: VoxgateError) -> None:
    """Leave the report where `read_fault` finds it."""
    write_json(
        _path(root, stage),
        {
            "stage": stage,
            "error_type": type(error).__name__,
            "message": str(error),
            "transient": isinstance(error, _WORTH_A_RETRY),
        },
    )


def read_fault(root: Path, stage: str) -> FaultReport | None:
    """Return the report of the last run of `stage`, if that run ended in a known error."""
    path = _path(root, stage)
    return FaultReport(**read_json(path)) if path.is_file() else None


def clear_fault(root: Path, stage: str) -> None:
    """Forget the report of an earlier run."""
    _path(root, stage).unlink(missing_ok=True)


def _path(root: Path, stage: str) -> Path:
    return Workspace(root).fault_file(stage)
