"""Process-wide switches that libraries read once, when they are first imported."""

from __future__ import annotations

import os
from pathlib import Path

from voxgate.private_files import make_private_folder
from voxgate.stage import Workspace

__all__ = ["prepare_environment", "prepare_prefect"]


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
        # Spinning worker threads of OpenMP starve each other on small machines.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def prepare_prefect(root: Path) -> None:
    """Prepare the environment of a command that talks to Prefect; call it before the import.

    Prefect makes its home when it is imported, but not the folder around it; without a home the
    embedded API waits for its database until it gives up.
    """
    prepare_environment(root)
    make_private_folder(Workspace(root.resolve()).state_dir)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
