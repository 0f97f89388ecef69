"""What every projected version has in MLflow: one parent run, a logged voice, a registered version.

The parent run is found by the tag that names the candidate's digest. One without the tag
`voxgate.complete` is unfinished business of a crash: it is deleted and written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from voxgate.adapters.mlflow.registry import (
    CANDIDATE_TAG,
    CHOSEN_TAG,
    DATA_TAG,
    PARENT_RUN_TAG,
    SCOPE_TAG,
    find_by_digest,
)
from voxgate.adapters.mlflow.store import MlflowStore
from voxgate.release.ports.registry import RegisteredVersion

__all__ = [
    "delete_unfinished",
    "ensure_version",
    "finish",
    "finished_run",
    "log_voice",
    "run_tags",
]

COMPLETE_TAG = "voxgate.complete"


def run_tags(digest: str, *, data_version: str, scope: str) -> dict[str, str]:
    """Return the tags of a parent run and of the version that comes from it."""
    return {CANDIDATE_TAG: digest, DATA_TAG: data_version, SCOPE_TAG: scope}


def finished_run(store: MlflowStore, digest: str) -> Any | None:
    """Return the complete parent run of a candidate."""
    return next((r for r in _parent_runs(store, digest) if COMPLETE_TAG in r.data.tags), None)


def delete_unfinished(store: MlflowStore, digest: str) -> None:
    """Delete what an interrupted projection of a candidate left, its nested runs too."""
    for parent in _parent_runs(store, digest):
        children = store.client.search_runs(
            [store.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
        )
        for run in (*children, parent):
            store.client.delete_run(run.info.run_id)


def finish(model_id: str) -> None:
    """Mark the active run as complete, and the logged model that its version is made of."""
    import mlflow

    mlflow.set_tag(CHOSEN_TAG, model_id)
    mlflow.set_tag(COMPLETE_TAG, "true")  # last


def log_voice(package: Path, provenance: Iterable[Path], *, step: int, data_version: str) -> str:
    """Log a voice package as a LoggedModel of the active run; returns its id."""
    import mlflow
    import pandas as pd

    from voxgate.adapters.mlflow import voice as mlflow_voice

    # As URIs: MLflow decodes percent signs in paths too.
    artifacts = {"voice": package.resolve().as_uri()}
    artifacts |= {p.name.replace(".", "_"): p.resolve().as_uri() for p in provenance}
    info = mlflow.pyfunc.log_model(
        name=package.name,
        python_model=mlflow_voice.__file__,
        artifacts=artifacts,
        signature=mlflow_voice.SIGNATURE,
        input_example=pd.DataFrame({"text": ["The line is open again."], "seed": [0]}),
        pip_requirements=["voxgate"],
        step=step,
        params={"step": str(step), "data_version": data_version},
        model_type="voice",
    )
    return str(info.model_id)


def ensure_version(store: MlflowStore, model_name: str, run: Any) -> RegisteredVersion:
    """Return the version that was made of a complete run, registering it if there is none."""
    import mlflow

    digest = run.data.tags[CANDIDATE_TAG]
    version = find_by_digest(store, model_name, digest)
    if version is None or version.parent_run_id != run.info.run_id:
        kept: Mapping[str, str] = {
            name: run.data.tags[name] for name in (CANDIDATE_TAG, DATA_TAG, SCOPE_TAG)
        }
        mlflow.register_model(
            f"models:/{run.data.tags[CHOSEN_TAG]}",
            model_name,
            await_registration_for=None,
            tags={**kept, PARENT_RUN_TAG: run.info.run_id},
        )
        version = find_by_digest(store, model_name, digest)
        assert version is not None
    return version


def _parent_runs(store: MlflowStore, digest: str) -> list[Any]:
    # Nested runs do not carry the candidate's tag, so this finds parents only.
    query = f"tags.`{CANDIDATE_TAG}` = '{digest}'"
    return list(store.client.search_runs([store.experiment_id], query))
