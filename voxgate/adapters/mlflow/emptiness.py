"""Whether the embedded registry has anything to show, without starting MLflow.

MLflow takes two seconds to start. Before the first candidate there is nothing to ask it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from voxgate.adapters.mlflow.database import require_sound
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["is_empty"]

_TABLES = ("registered_models", "model_versions")


def is_empty(settings: Settings, workspace: Workspace) -> bool:
    """Return true if no model is registered; false as well where only MLflow can tell.

    Raises:
        StorageError: the checkout's own database is damaged.
        ExternalServiceError: another process keeps it locked.
    """
    if settings.mlflow_tracking_uri is not None:
        return False
    require_sound(workspace)
    path = workspace.mlflow_database
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return not any(_has_rows(database, table) for table in _TABLES)
    except sqlite3.Error:
        return False  # no such table: another version of MLflow wrote it, or none has yet


def _has_rows(database: sqlite3.Connection, table: str) -> bool:
    return database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608
