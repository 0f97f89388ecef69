"""Process-wide switches that libraries read once, when they are first imported."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path

from voxgate.errors import ExternalServiceError, StorageError
from voxgate.private_files import make_private_folder
from voxgate.sqlite_file import examine_sqlite
from voxgate.stage import Workspace
from voxgate.thread_patience import THREAD_PATIENCE

__all__ = ["prepare_environment", "prepare_prefect", "require_storage"]

NEEDED_BYTES = 64 << 20
"""What a run needs before it does anything: Prefect's database and its log."""


def prepare_environment(root: Path) -> None:
    """Set defaults for this process and its children; what the user has set stays.

    Call it before Prefect, MLflow, Great Expectations or torch is imported.
    """
    defaults = {
        # Prefect: an embedded API with its database inside the checkout.
        "PREFECT_HOME": str(Workspace(root).prefect_dir.resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Its log goes to the API; the terminal gets progress, the summary, and one line a fault.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # Nothing phones home.
        "DO_NOT_TRACK": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DVC_NO_ANALYTICS": "1",
        "GX_ANALYTICS_ENABLED": "false",
        **THREAD_PATIENCE,
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def prepare_prefect(root: Path) -> None:
    """Prepare the environment of a command that talks to Prefect; call it before the import.

    Raises:
        StorageError, ExternalServiceError: as `require_storage`.
    """
    prepare_environment(root)
    make_private_folder(Workspace(root.resolve()).state_dir)
    require_storage(Path(os.environ["PREFECT_HOME"]))


def require_storage(home: Path) -> None:
    """Stop unless the embedded Prefect finds what it needs in its home, which is made if need be.

    Prefect makes its home when it is imported, but not the folder around it, and without home,
    disk or database the embedded API waits until it gives up.

    Raises:
        StorageError: the home cannot be made, the disk is full, or the database is damaged.
        ExternalServiceError: another process keeps the database locked.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as file:
            os.posix_fallocate(file.fileno(), 0, NEEDED_BYTES)
    except OSError as error:
        raise StorageError(
            f"{home}: {error.strerror}; at least {NEEDED_BYTES >> 20} MiB must fit there to begin. "
            "Free space or correct the permissions, then run again."
        ) from error
    if not {"PREFECT_API_URL", "PREFECT_API_DATABASE_CONNECTION_URL"} & os.environ.keys():
        _require_sound(home / "prefect.db")


def _require_sound(database: Path) -> None:
    fault = examine_sqlite(database, thorough=True)
    if fault is not None and fault.busy:
        raise ExternalServiceError(f"Prefect: {fault.problem}. Wait for that run, then try again.")
    if fault is not None:
        raise StorageError(
            f"Prefect: {fault.problem}. It holds the history of runs and nothing else: "
            f"`rm {shlex.quote(str(database))}*`, then run again."
        )
