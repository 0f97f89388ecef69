"""The report of a verdict, where people look at a version: artifact, tag and description."""

from __future__ import annotations

from pathlib import Path

from voxgate.adapters.mlflow.store import MlflowStore, log_folder, reporting_outages

__all__ = ["REPORT_TAG", "show_report"]

REPORT_TAG = "voxgate.report"
"""Tag of a version: where its run keeps the page."""

_FOLDER = "report"


def show_report(
    store: MlflowStore,
    model: str,
    number: int,
    *,
    run_id: str,
    folder: Path,
    page: str,
    description: str,
) -> None:
    """Store the files of `folder` with the run, and name them at the version; again is the same."""
    log_folder(store, run_id, folder, _FOLDER)
    with reporting_outages(store.tracking_uri):
        uri = f"runs:/{run_id}/{_FOLDER}/{page}"
        store.client.set_model_version_tag(model, str(number), REPORT_TAG, uri)
        store.client.update_model_version(model, str(number), description=description)
