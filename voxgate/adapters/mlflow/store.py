"""The connection to MLflow: SQLite and local files by default, a server by setting."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.adapters.mlflow.database import explain_failure, local_uri, require_sound
from voxgate.adapters.mlflow.relocation import relocate
from voxgate.errors import ExternalServiceError, RegistryError
from voxgate.private_files import make_private_file
from voxgate.redaction import safe_cause
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["MlflowStore", "connect", "log_folder", "reporting_outages"]

EXPERIMENT = "voxgate"
_REFUSALS = (
    "INVALID_PARAMETER_VALUE",
    "BAD_REQUEST",
    "PERMISSION_DENIED",
    "UNAUTHENTICATED",
    "RESOURCE_DOES_NOT_EXIST",
    "RESOURCE_ALREADY_EXISTS",
)


@dataclass(frozen=True)
class MlflowStore:
    """An open connection; `client` is an `mlflow.MlflowClient` on `tracking_uri`."""

    tracking_uri: str
    experiment_id: str
    client: Any


def connect(settings: Settings, root: Path) -> MlflowStore:
    """Open the store and make sure that the experiment exists.

    Raises:
        StorageError: the checkout's own database is damaged or cannot be written to.
        ExternalServiceError: the server does not answer or refuses the credentials, or another
            process keeps the database locked.
    """
    _prepare_environment(settings)
    import mlflow

    workspace = Workspace(root)
    local = settings.mlflow_tracking_uri is None
    uri = settings.mlflow_tracking_uri or local_uri(workspace)
    if local:
        require_sound(workspace)
        make_private_file(workspace.mlflow_database)
    with reporting_outages(uri):
        if local:
            relocate(workspace)
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
        artifacts = workspace.mlflow_artifacts.resolve().as_uri() if local else None
        return MlflowStore(
            tracking_uri=uri, experiment_id=_ensure_experiment(client, artifacts), client=client
        )


def log_folder(store: MlflowStore, run_id: str, folder: Path, name: str) -> None:
    """Store the files of `folder` as artifacts of a run, under `name`; again is the same."""
    with reporting_outages(store.tracking_uri):
        store.client.log_artifacts(run_id, str(folder), name)


@contextmanager
def reporting_outages(uri: str) -> Iterator[None]:
    """Turn MLflow's and the network's failures into errors that say whether to try again.

    Raises:
        RegistryError: MLflow answered and refused.
        StorageError: the file of a SQLite store is damaged.
        ExternalServiceError: it could not be reached, or failed inside.
    """
    import requests
    from alembic.util import CommandError
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (
        MlflowException,
        requests.RequestException,
        SQLAlchemyError,
        CommandError,
        sqlite3.Error,
    ) as error:
        cause = explain_failure(uri, error) if uri.startswith("sqlite") else None
        if cause is not None:
            raise cause from error
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = f"MLflow at {uri}: {first_line}"
        if getattr(error, "error_code", None) in _REFUSALS:
            raise RegistryError(problem) from safe_cause(error)
        raise ExternalServiceError(
            f"{problem}. Check VOXGATE_MLFLOW_TRACKING_URI and that the server runs, then run "
            "again: finished stages are kept."
        ) from safe_cause(error)


def _ensure_experiment(client: Any, artifact_location: str | None) -> str:
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(EXPERIMENT)
    if found is None:
        try:
            return str(
                client.create_experiment(
                    EXPERIMENT,
                    artifact_location=artifact_location,
                    # Without it the UI opens its view of chat agents instead of models and runs.
                    tags={"mlflow.experimentKind": "custom_model_development"},
                )
            )
        except MlflowException:
            # Somebody else created it between the two calls.
            found = client.get_experiment_by_name(EXPERIMENT)
            if found is None:
                raise
    return str(found.experiment_id)


def _prepare_environment(settings: Settings) -> None:
    # MLflow reads these when it is imported or on its first request; it has no arguments for them.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    # It logs the traceback of every fault of its database, and raises the same fault.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
    if settings.mlflow_username is not None:
        os.environ["MLFLOW_TRACKING_USERNAME"] = settings.mlflow_username
    if settings.mlflow_password is not None:
        os.environ["MLFLOW_TRACKING_PASSWORD"] = settings.mlflow_password.get_secret_value()
