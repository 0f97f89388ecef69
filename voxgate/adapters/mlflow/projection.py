"""Write a candidate into MLflow: runs, curves, checkpoints, pictures, and the registered version.

MLflow here is a projection of files: everything can be made again from them. The key is the
candidate's digest, a tag of the parent run and of the version. A parent run without the tag
`voxgate.complete` was interrupted; it is deleted and written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from voxgate.adapters.mlflow.registry import find_by_digest
from voxgate.adapters.mlflow.runs import (
    delete_unfinished,
    ensure_version,
    finish,
    finished_run,
    log_voice,
    run_tags,
)
from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.files import read_json
from voxgate.release.ports.registry import PROVENANCE, Candidate, RegisteredVersion

__all__ = ["find", "project"]

COMPARED = ("wer", "cer", "similarity", "catastrophic_prompts")
"""What a checkpoint is compared by; the rest is in checkpoints.json."""
MAX_BATCH = 1000  # MLflow's bound on metrics a request


def project(store: MlflowStore, candidate: Candidate) -> RegisteredVersion:
    """Make MLflow show the candidate; returns its version. Aliases follow the ledger.

    Raises:
        ExternalServiceError: MLflow failed or could not be reached.
    """
    with reporting_outages(store.tracking_uri):
        run = finished_run(store, candidate.digest)
        if run is None:
            delete_unfinished(store, candidate.digest)
            run = _write_runs(store, candidate)
        return ensure_version(store, candidate.model_name, run)


def find(store: MlflowStore, model: str, digest: str) -> RegisteredVersion | None:
    """Return the version that MLflow shows of a candidate's complete run; writes nothing.

    Raises:
        ExternalServiceError: MLflow failed or could not be reached.
    """
    with reporting_outages(store.tracking_uri):
        run = finished_run(store, digest)
        version = None if run is None else find_by_digest(store, model, digest)
    if run is None or version is None or version.parent_run_id != run.info.run_id:
        return None
    return version


def _write_runs(store: MlflowStore, candidate: Candidate) -> Any:
    import mlflow

    build = candidate.workspace.stage_dir
    dataset = _dataset(candidate)
    tags = run_tags(
        candidate.digest, data_version=candidate.data_version, scope=candidate.consent_scope
    )
    name = f"retrain {candidate.digest[:8]}"
    # Nested runs take the active experiment, not their parent's.
    mlflow.set_experiment(experiment_id=store.experiment_id)
    with mlflow.start_run(run_name=name, tags=tags) as parent:
        mlflow.log_params({_allowed(name): value for name, value in _flat(candidate.params)})
        mlflow.log_input(dataset, context="training")
        for file in PROVENANCE:
            mlflow.log_artifact(str(candidate.workspace.root / file), "provenance")
        with mlflow.start_run(run_name="validate", nested=True):
            mlflow.log_metrics(_numbers(read_json(build("validate") / "report.json")))
            mlflow.log_input(dataset, context="validation")
            mlflow.log_artifact(str(build("validate") / "quarantine.csv"), "validate")
            docs = build("validate") / "data_docs"
            if docs.is_dir():  # pages for people: no output that DVC would bring back
                mlflow.log_artifacts(str(docs), "validate/data_docs")
        with mlflow.start_run(run_name="train", nested=True) as run:
            mlflow.log_input(dataset, context="training")
            _log_curves(store, run.info.run_id, build("train") / "history.csv")
            models = _log_checkpoints(candidate)
        with mlflow.start_run(run_name="evaluate", nested=True):
            _log_evaluation(candidate, models, dataset)
        for file in ("evidence.json", "report.md", "checkpoints.json", "scores.parquet"):
            mlflow.log_artifact(str(build("evaluate") / file), "evidence")
        mlflow.log_metrics(_numbers(read_json(build("evaluate") / "report.json")))
        finish(models[candidate.checkpoints["chosen"]])
    return store.client.get_run(parent.info.run_id)


def _log_curves(store: MlflowStore, run_id: str, history: Path) -> None:
    """Log every loss of both models as a curve named `<model>/<split>/<component>`."""
    import pandas as pd
    from mlflow.entities import Metric

    table = pd.read_csv(history)
    components = [c for c in table.columns if c not in {"model", "split", "step"}]
    points = [
        Metric(f"{row['model']}/{row['split']}/{name}", float(row[name]), 0, int(row["step"]))
        for row in table.to_dict("records")
        for name in components
        if pd.notna(row[name])
    ]
    for start in range(0, len(points), MAX_BATCH):
        store.client.log_batch(run_id, metrics=points[start : start + MAX_BATCH])


def _log_checkpoints(candidate: Candidate) -> dict[str, str]:
    """Log each checkpoint as a LoggedModel with its step; returns model ids by checkpoint name."""
    checkpoints = candidate.workspace.stage_dir("train") / "checkpoints"
    return {
        str(row["name"]): log_voice(
            checkpoints / row["name"],
            [candidate.workspace.root / file for file in PROVENANCE],
            step=int(row["step"]),
            data_version=candidate.data_version,
        )
        for row in candidate.checkpoints["checkpoints"]
    }


def _log_evaluation(candidate: Candidate, models: Mapping[str, str], dataset: Any) -> None:
    import mlflow

    from voxgate.adapters.mlflow.listening_room import log_listening_room
    from voxgate.adapters.mlflow.pictures import log_pictures

    mlflow.log_input(dataset, context="evaluation")
    for row in candidate.checkpoints["checkpoints"]:
        mlflow.log_metrics(
            {f"select/{name}": row[name] for name in COMPARED if row[name] is not None},
            step=int(row["step"]),
            model_id=models[row["name"]],
            dataset=dataset,
        )
    log_listening_room(candidate.workspace)
    log_pictures(candidate.workspace)


def _dataset(candidate: Candidate) -> Any:
    from mlflow.data.code_dataset_source import CodeDatasetSource
    from mlflow.data.meta_dataset import MetaDataset

    source = CodeDatasetSource(tags={"dvc": "data.dvc", "md5": candidate.data_version})
    # MLflow cuts digests at 36 characters, the length of DVC's directory digest.
    return MetaDataset(  # type: ignore[abstract]  # mlflow's own class, not abstract at run time
        source=source, name="data.dvc", digest=candidate.data_version[:36]
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _allowed(name: str) -> str:
    """Spell characters that MLflow forbids in names by their code point."""
    return re.sub(r"[^\w\-. :/]", lambda found: f"u{ord(found[0]):04x}", name, flags=re.ASCII)


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """Keep what MLflow can show as a metric; None was not measured and is left out."""
    return {
        name: float(value)
        for name, value in _flat(values)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
