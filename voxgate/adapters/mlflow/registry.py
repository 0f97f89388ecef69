"""The model registry: which versions exist, and what was said about them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.errors import GateError
from voxgate.release.ports.registry import RegisteredVersion

__all__ = [
    "download_artifact",
    "download_evidence",
    "find_by_digest",
    "find_nested_run",
    "list_files",
    "model_tags",
    "versions",
]

CANDIDATE_TAG = "voxgate.candidate"
SCOPE_TAG = "voxgate.consent_scope"
DATA_TAG = "voxgate.data_version"
PARENT_RUN_TAG = "voxgate.parent_run"
CHOSEN_TAG = "voxgate.chosen_model"
EVIDENCE_PATH = "evidence/evidence.json"


def versions(store: MlflowStore, name: str) -> list[RegisteredVersion]:
    """Return all versions of a model, newest first; empty when the model is not registered."""
    with reporting_outages(store.tracking_uri):
        found = store.client.search_model_versions(f"name='{name}'", max_results=1000)
        # A search does not carry aliases; the model itself does.
        aliases = _aliases(store, name) if found else {}
    rows = [_row(version, aliases) for version in found]
    return sorted(rows, key=lambda row: row.version, reverse=True)


def find_by_digest(store: MlflowStore, name: str, digest: str) -> RegisteredVersion | None:
    """Return the version that was made from the candidate `digest`."""
    return next((v for v in versions(store, name) if v.tags.get(CANDIDATE_TAG) == digest), None)


def model_tags(store: MlflowStore, name: str) -> Mapping[str, str]:
    """Return the tags of the registered model itself."""
    with reporting_outages(store.tracking_uri):
        return dict(store.client.get_registered_model(name).tags)


def download_evidence(store: MlflowStore, parent_run_id: str | None, folder: Path) -> Path:
    """Fetch the evidence that the run of a retraining stored into `folder`; returns the file.

    Raises:
        GateError: the version was registered without evidence (by hand, say).
        ExternalServiceError: it cannot be fetched.
    """
    if parent_run_id is None:
        raise GateError(
            f"a version without the tag {PARENT_RUN_TAG} has no evidence: it was not registered by "
            "voxgate. Compare with one that was."
        )
    return download_artifact(store, parent_run_id, EVIDENCE_PATH, folder)


def download_artifact(store: MlflowStore, run_id: str, path: str, folder: Path) -> Path:
    """Fetch a file or folder of a run's artifacts into `folder`; returns where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    with reporting_outages(store.tracking_uri):
        return Path(store.client.download_artifacts(run_id, path, str(folder)))


def find_nested_run(store: MlflowStore, parent_run_id: str, name: str) -> str | None:
    """Return the id of the run `name` inside the run of a retraining."""
    query = f"tags.`mlflow.parentRunId` = '{parent_run_id}' and attributes.run_name = '{name}'"
    with reporting_outages(store.tracking_uri):
        found = store.client.search_runs([store.experiment_id], query)
    return str(found[0].info.run_id) if found else None


def list_files(store: MlflowStore, run_id: str, folder: str) -> set[str]:
    """Return the names of the files in a folder of a run's artifacts."""
    with reporting_outages(store.tracking_uri):
        listed = store.client.list_artifacts(run_id, folder)
    return {entry.path.rpartition("/")[2] for entry in listed if not entry.is_dir}


def _aliases(store: MlflowStore, name: str) -> dict[int, tuple[str, ...]]:
    model = store.client.get_registered_model(name)
    by_version: dict[int, tuple[str, ...]] = {}
    for alias, version in sorted(model.aliases.items()):
        by_version[int(version)] = (*by_version.get(int(version), ()), alias)
    return by_version


def _row(version: Any, aliases: Mapping[int, tuple[str, ...]]) -> RegisteredVersion:
    number = int(version.version)
    return RegisteredVersion(
        name=version.name,
        version=number,
        parent_run_id=version.tags.get(PARENT_RUN_TAG),
        aliases=aliases.get(number, ()),
        tags=dict(version.tags),
    )
