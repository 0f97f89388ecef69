"""The SQLite file of the embedded store: its URL, and what is wrong with it in one sentence.

MLflow itself meets a damaged, locked or foreign file with retries and a traceback.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from voxgate.errors import ExternalServiceError, StorageError, VoxgateError
from voxgate.private_files import make_private_folder
from voxgate.sqlite_file import examine_sqlite, is_refused_by_disk
from voxgate.stage import Workspace

__all__ = ["explain_failure", "local_uri", "require_sound"]

_REMEDY = (
    "Move it away and put a backup in its place (`voxgate restore`); the ledger still says what "
    "is live"
)
_OTHER_SCHEMA = ("database schema", "Can't locate revision")


def local_uri(workspace: Workspace) -> str:
    """Return the tracking URI of a checkout's own store."""
    path = str(workspace.mlflow_database.resolve())
    return sa.URL.create("sqlite", database=path).render_as_string()


def require_sound(workspace: Workspace) -> None:
    """Stop before MLflow opens a file that it cannot use; none is fine.

    Raises:
        StorageError: the file is damaged or no database, or its folder cannot be made.
        ExternalServiceError: another process keeps it locked.
    """
    make_private_folder(workspace.state_dir)
    make_private_folder(workspace.mlflow_dir)
    fault = _fault(workspace.mlflow_database)
    if fault is not None:
        raise fault


def explain_failure(uri: str, error: Exception) -> VoxgateError | None:
    """Say what a failure of MLflow on a SQLite store came from; None where the file is sound."""
    path = Path(sa.make_url(uri).database or "")
    if any(sign in str(error) for sign in _OTHER_SCHEMA):
        return StorageError(
            f"MLflow at {path}: another version of MLflow wrote it. Install the locked packages "
            "(`make setup`), or move it away and put a backup in its place (`voxgate restore`)"
        )
    cause = error if isinstance(error, sa.exc.SQLAlchemyError) else error.__cause__
    if not isinstance(cause, sa.exc.SQLAlchemyError):
        return None
    original = getattr(cause, "orig", None)
    if is_refused_by_disk(original):
        return StorageError(
            f"MLflow at {path}: {original}. Free space or correct the permissions, then run again"
        )
    return _fault(path, thorough=True)


def _fault(path: Path, *, thorough: bool = False) -> VoxgateError | None:
    fault = examine_sqlite(path, thorough=thorough)
    if fault is None:
        return None
    if fault.busy:
        return ExternalServiceError(f"MLflow: {fault.problem}. Wait for it to end, then try again")
    return StorageError(f"MLflow: {fault.problem}. {_REMEDY}")
