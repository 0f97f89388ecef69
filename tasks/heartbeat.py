"""A mark in the checkout that a scheduled flow has ended: known also when Prefect is not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from voxgate.files import read_json, write_json
from voxgate.stage import Workspace

__all__ = ["leave_heartbeat", "read_heartbeat"]


def leave_heartbeat(root: Path, deployment: str, *, now: datetime) -> None:
    """Note that a run of `deployment` ended with a result; a fault leaves no mark."""
    write_json(_path(root, deployment), {"completed_at": now.isoformat()})


def read_heartbeat(root: Path, deployment: str) -> datetime | None:
    """Return when a run of `deployment` ended last in this checkout."""
    path = _path(root, deployment)
    return datetime.fromisoformat(read_json(path)["completed_at"]) if path.is_file() else None


def _path(root: Path, deployment: str) -> Path:
    return Workspace(root).heartbeat_file(deployment)
