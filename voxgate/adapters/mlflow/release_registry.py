"""MLflow as the registry that a release desk works with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from voxgate.adapters.mlflow import gold, packages, projection, reconciler, registry, reports
from voxgate.adapters.mlflow.store import MlflowStore, connect, log_folder, reporting_outages
from voxgate.release.ports.leases import Lease
from voxgate.release.ports.ledger import Ledger
from voxgate.release.ports.registry import Candidate, RegisteredVersion
from voxgate.release.projection import Drift, Shown
from voxgate.release.records import Release
from voxgate.settings import Settings

__all__ = ["MlflowRegistry", "open_registry"]


def open_registry(settings: Settings, root: Path) -> MlflowRegistry:
    """Open the registry; raises what `connect` raises."""
    store = connect(settings, root)
    return MlflowRegistry(
        tracking_uri=store.tracking_uri, experiment_id=store.experiment_id, client=store.client
    )


class MlflowRegistry(MlflowStore):
    """Implements Registry on an open connection; each method says what its function says."""

    def show_candidate(self, candidate: Candidate) -> RegisteredVersion:
        """See `Registry.show_candidate`."""
        return projection.project(self, candidate)

    def find_candidate(self, model: str, digest: str) -> RegisteredVersion | None:
        """See `Registry.find_candidate`."""
        return projection.find(self, model, digest)

    def show_gold(
        self,
        model: str,
        digest: str,
        *,
        package: Path,
        evidence: Path,
        provenance: Sequence[Path],
        data_version: str,
        scope: str,
    ) -> RegisteredVersion:
        """See `Registry.show_gold`."""
        return gold.project_gold(
            self,
            model,
            digest,
            package=package,
            evidence=evidence,
            provenance=provenance,
            data_version=data_version,
            scope=scope,
        )

    def require_version(self, model: str, number: int | None) -> None:
        """See `Registry.require_version`."""
        with reporting_outages(self.tracking_uri):
            self.client.get_model_version(model, str(number))

    def shown(self, model: str) -> Shown:
        """See `RegistryView.shown`."""
        return reconciler.shown_by(self, model)

    def examine(self, ledger: Ledger, model: str, *, now: datetime) -> tuple[Drift, ...]:
        """See `RegistryView.examine`."""
        return reconciler.examine(ledger, self.shown(model), model, now=now)

    def examine_files(self, ledger: Ledger, model: str) -> tuple[Drift, ...]:
        """See `RegistryView.examine_files`."""
        require = partial(packages.require_served, self, model)
        return reconciler.examine_files(ledger, self.shown(model), model, require)

    def catch_up(self, ledger: Ledger, model: str, *, now: datetime) -> tuple[Drift, ...]:
        """See `Registry.catch_up`."""
        return reconciler.catch_up(ledger, self, model, now=now)

    def repair(
        self, ledger: Ledger, model: str, *, by: str, now: datetime, lease: Lease
    ) -> tuple[Drift, ...]:
        """See `Registry.repair`."""
        return reconciler.repair(ledger, self, model, by=by, now=now, lease=lease)

    def store_folder(self, run_id: str, folder: Path, name: str) -> None:
        """See `Registry.store_folder`."""
        log_folder(self, run_id, folder, name)

    def show_report(
        self,
        model: str,
        number: int,
        *,
        run_id: str,
        folder: Path,
        page: str,
        description: str,
    ) -> None:
        """See `Registry.show_report`."""
        reports.show_report(
            self,
            model,
            number,
            run_id=run_id,
            folder=folder,
            page=page,
            description=description,
        )

    def list_files(self, run_id: str, folder: str) -> set[str]:
        """See `Registry.list_files`."""
        return registry.list_files(self, run_id, folder)

    def find_nested_run(self, parent_run_id: str, name: str) -> str | None:
        """See `Registry.find_nested_run`."""
        return registry.find_nested_run(self, parent_run_id, name)

    def fetch(self, run_id: str, path: str, folder: Path) -> Path:
        """See `Registry.fetch`."""
        return registry.download_artifact(self, run_id, path, folder)

    def fetch_evidence(self, run_id: str | None, folder: Path) -> Path:
        """See `Registry.fetch_evidence`."""
        return registry.download_evidence(self, run_id, folder)

    def fetch_package(self, release: Release, folder: Path) -> Path:
        """See `Registry.fetch_package`."""
        return packages.fetch_package(self, release, folder)
