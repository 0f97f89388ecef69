"""Bring a version back that was deleted from the registry, from the package that its run stored."""

from __future__ import annotations

from datetime import datetime

from voxgate.adapters.mlflow.packages import fetch_package, package_uri
from voxgate.adapters.mlflow.registry import (
    CANDIDATE_TAG,
    DATA_TAG,
    PARENT_RUN_TAG,
    SCOPE_TAG,
    find_by_digest,
)
from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.release.book import Book
from voxgate.release.candidates import restore
from voxgate.release.events import Draft
from voxgate.release.ports.leases import Lease
from voxgate.release.ports.ledger import Ledger
from voxgate.release.records import Release
from voxgate.temporaries import scratch_directory

__all__ = ["restore_version"]


def restore_version(
    ledger: Ledger,
    store: MlflowStore,
    model: str,
    *,
    number: int | str | None,
    by: str,
    lease: Lease,
) -> None:
    """Register the package of the deleted version `number` again, under a new number.

    Raises:
        LeaseLostError: another repair may have begun.
        VersionLostError: the package is not in the artifact store, or is not the one released.
    """
    import mlflow

    book = ledger.read(model)
    release = next(r for r in book.releases.values() if r.registry_version == number)
    made = find_by_digest(store, model, release.origin.candidate_digest)
    if made is None:
        with scratch_directory() as folder:
            fetch_package(store, release, folder / "package")
        source = package_uri(store, release)
        lease.assert_held()  # the look at every byte of the package may have taken long
        with reporting_outages(store.tracking_uri):
            mlflow.register_model(
                source, model, await_registration_for=None, tags=_origin_tags(release)
            )
        made = find_by_digest(store, model, release.origin.candidate_digest)
    assert made is not None
    found = made.version

    def entry(book: Book, _now: datetime) -> Draft | None:
        lease.assert_held()
        return restore(
            book,
            release.version,
            registry_version=found,
            parent_run_id=release.parent_run_id,
            by=by,
        )

    ledger.append(model, entry)


def _origin_tags(release: Release) -> dict[str, str]:
    return {
        CANDIDATE_TAG: release.origin.candidate_digest,
        DATA_TAG: release.origin.data_version,
        SCOPE_TAG: release.origin.consent_scope,
        PARENT_RUN_TAG: str(release.parent_run_id),
    }
