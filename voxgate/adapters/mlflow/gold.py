"""Write the gold voice into MLflow: one run with its evidence and package, and a version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voxgate.adapters.mlflow.registry import EVIDENCE_PATH
from voxgate.adapters.mlflow.runs import (
    delete_unfinished,
    ensure_version,
    finish,
    finished_run,
    log_voice,
    run_tags,
)
from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.release.ports.registry import RegisteredVersion

__all__ = ["project_gold"]


def project_gold(
    store: MlflowStore,
    model_name: str,
    digest: str,
    *,
    package: Path,
    evidence: Path,
    provenance: Sequence[Path],
    data_version: str,
    scope: str,
) -> RegisteredVersion:
    """Make MLflow show the voice in `package`; a repeat of `digest` changes nothing.

    Raises:
        ExternalServiceError: MLflow failed or could not be reached.
    """
    import mlflow

    with reporting_outages(store.tracking_uri):
        run = finished_run(store, digest)
        if run is None:
            delete_unfinished(store, digest)
            mlflow.set_experiment(experiment_id=store.experiment_id)
            tags = run_tags(digest, data_version=data_version, scope=scope)
            with mlflow.start_run(run_name=f"base {digest[:8]}", tags=tags) as active:
                mlflow.log_text(evidence.read_text(encoding="utf-8"), EVIDENCE_PATH)
                finish(log_voice(package, provenance, step=0, data_version=data_version))
            run = store.client.get_run(active.info.run_id)
        return ensure_version(store, model_name, run)
