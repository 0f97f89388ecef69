"""Bring a version back that was deleted from the registry, from the package that its run stored."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from voxgate.adapters.mlflow_projection import CHOSEN_TAG
from voxgate.adapters.mlflow_registry import (
    CANDIDATE_TAG,
    DATA_TAG,
    PARENT_RUN_TAG,
    SCOPE_TAG,
    find_by_digest,
)
from voxgate.adapters.mlflow_store import MlflowStore, reporting_outages
from voxgate.errors import VersionLostError
from voxgate.files import digest_file, read_json
from voxgate.release.book import Book
from voxgate.release.candidates import restore
from voxgate.release.events import Draft
from voxgate.release.ledger import Ledger
from voxgate.release.records import Release

__all__ = ["restore_version"]


def restore_version(
    ledger: Ledger, store: MlflowStore, model: str, *, number: int | str | None, by: str
) -> None:
    """Register the package of the deleted version `number` again, under a new number.

    Raises:
        VersionLostError: the package is not in the artifact store, or is not the one released.
    """
    import mlflow

    book = ledger.read(model)
    release = next(r for r in book.releases.values() if r.registry_version == number)
    made = find_by_digest(store, model, release.origin.candidate_digest)
    if made is None:
        source = _package(store, model, release)
        with reporting_outages(store.tracking_uri):
            mlflow.register_model(
                source, model, await_registration_for=None, tags=_origin_tags(release)
            )
        made = find_by_digest(store, model, release.origin.candidate_digest)
    assert made is not None
    found = made.version

    def entry(book: Book, _now: datetime) -> Draft | None:
        return restore(
            book,
            release.version,
            registry_version=found,
            parent_run_id=release.parent_run_id,
            by=by,
        )

    ledger.append(model, entry)


def _package(store: MlflowStore, model: str, release: Release) -> str:
    """Return the URI of the stored package, after a look at every byte of it."""
    from mlflow.exceptions import MlflowException

    problem = "no run of it is known"
    try:
        if release.parent_run_id is not None:
            run = store.client.get_run(release.parent_run_id)
            uri = f"models:/{run.data.tags[CHOSEN_TAG]}"
            problem = _package_fault(uri, release)
            if not problem:
                return uri
    except (MlflowException, OSError, KeyError) as error:
        problem = str(error).splitlines()[0]
    raise VersionLostError(
        f"{model} version {release.version} was deleted from the registry and its package cannot "
        f"be restored: {problem}. Check out the commit whose data.dvc says "
        f"{release.origin.data_version} and run `voxgate run`: the same candidate is registered "
        f"again. Or decide against it: `voxgate quarantine {release.version} --by YOU --reason WHY`"
    )


def _package_fault(uri: str, release: Release) -> str:
    import mlflow

    with tempfile.TemporaryDirectory() as folder:
        local = Path(mlflow.artifacts.download_artifacts(uri, dst_path=folder))
        cards = list(local.rglob("voice.json"))
        if len(cards) != 1 or digest_file(cards[0]) != release.origin.model_digest:
            return f"{uri} is not the package that was released"
        for name, digest in read_json(cards[0]).get("files", {}).items():
            path = cards[0].parent / name
            if not path.is_file() or digest_file(path) != digest:
                return f"{uri}: {name} is missing or damaged"
    return ""


def _origin_tags(release: Release) -> dict[str, str]:
    return {
        CANDIDATE_TAG: release.origin.candidate_digest,
        DATA_TAG: release.origin.data_version,
        SCOPE_TAG: release.origin.consent_scope,
        PARENT_RUN_TAG: str(release.parent_run_id),
    }
