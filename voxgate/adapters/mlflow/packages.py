"""The voice package of a version, from where its run stored it, with a look at every byte."""

from __future__ import annotations

import shutil
from pathlib import Path

from voxgate.adapters.mlflow.registry import CHOSEN_TAG
from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.errors import VersionLostError
from voxgate.files import digest_file, publish_directory
from voxgate.release.records import Release
from voxgate.temporaries import scratch_directory
from voxgate.voice.card import CARD_NAME, card_digest, read_card

__all__ = ["fetch_package", "package_uri", "require_package", "require_served", "served_uri"]


def package_uri(store: MlflowStore, release: Release) -> str:
    """Return where MLflow keeps the package of a version.

    Raises:
        VersionLostError: no run of it is known, or the run was deleted.
    """
    from mlflow.exceptions import MlflowException

    if release.parent_run_id is None:
        raise _lost(release, "no run of it is known")
    try:
        return f"models:/{store.client.get_run(release.parent_run_id).data.tags[CHOSEN_TAG]}"
    except (MlflowException, KeyError) as error:
        raise _lost(release, str(error).splitlines()[0]) from error


def fetch_package(store: MlflowStore, release: Release, folder: Path) -> Path:
    """Fetch the package that the ledger knows as this version into `folder`, and return it.

    Raises:
        VersionLostError: it is gone, or not byte for byte the one that was registered.
    """
    uri = package_uri(store, release)
    with scratch_directory() as downloads:
        stored = _download(uri, release, downloads)
        with publish_directory(folder) as temporary:
            for name in (CARD_NAME, *read_card(stored).files):
                shutil.copyfile(stored / Path(name).name, temporary / Path(name).name)
    return folder


def require_served(store: MlflowStore, model: str, release: Release) -> None:
    """Stop unless whoever loads the version gets, byte for byte, what was registered.

    The files are taken the way that a client takes them: by the number in the registry, which may
    be made to point elsewhere than the run that stored them.

    Raises:
        VersionLostError: they are gone, or others.
        ExternalServiceError: the registry does not answer.
    """
    with scratch_directory() as downloads, reporting_outages(store.tracking_uri):
        _download(served_uri(model, release), release, downloads)


def served_uri(model: str, release: Release) -> str:
    """Return by which address a client loads the version."""
    return f"models:/{model}/{release.registry_version}"


def require_package(folder: Path, uri: str, release: Release) -> Path:
    """Return the package in `folder`, which is what lies behind `uri`, as it was registered.

    Raises:
        VersionLostError: it is gone, or another.
    """
    try:
        found = [card.parent for card in folder.rglob(CARD_NAME)]
        if len(found) != 1 or card_digest(found[0]) != release.origin.model_digest:
            raise _lost(release, f"{uri} is not the package that was registered")
        for name, digest in read_card(found[0]).files.items():
            path = found[0] / Path(name).name
            if not path.is_file() or digest_file(path) != digest:
                raise _lost(release, f"{uri}: {name} is missing or damaged")
    except OSError as error:
        raise _lost(release, str(error)) from error
    return found[0]


def _download(uri: str, release: Release, folder: Path) -> Path:
    """Fetch the package behind a URI; returns its folder, every file of it as registered."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        local = Path(mlflow.artifacts.download_artifacts(uri, dst_path=str(folder)))
    except (MlflowException, OSError) as error:
        raise _lost(release, str(error).splitlines()[0]) from error
    return require_package(local, uri, release)


def _lost(release: Release, problem: str) -> VersionLostError:
    return VersionLostError(
        f"the stored package of version {release.version} cannot be used: {problem}. Check out the "
        f"commit whose data.dvc says {release.origin.data_version} and run `voxgate run`: the same "
        "candidate is registered again. Or decide against it: "
        f"`voxgate quarantine {release.version} --by YOU --reason WHY`"
    )
