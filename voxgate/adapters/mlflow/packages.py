"""The voice package of a version, from where its run stored it, with a look at every byte."""

from __future__ import annotations

import shutil
from pathlib import Path

from voxgate.adapters.mlflow.registry import CHOSEN_TAG
from voxgate.adapters.mlflow.store import MlflowStore
from voxgate.errors import VersionLostError
from voxgate.files import digest_file, publish_directory
from voxgate.release.records import Release
from voxgate.temporaries import scratch_directory
from voxgate.voice.card import CARD_NAME, card_digest, read_card

__all__ = ["fetch_package", "package_uri"]


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
    import mlflow
    from mlflow.exceptions import MlflowException

    uri = package_uri(store, release)
    with scratch_directory() as downloads:
        try:
            local = Path(mlflow.artifacts.download_artifacts(uri, dst_path=downloads))
        except (MlflowException, OSError) as error:
            raise _lost(release, str(error).splitlines()[0]) from error
        found = [card.parent for card in local.rglob(CARD_NAME)]
        if len(found) != 1 or card_digest(found[0]) != release.origin.model_digest:
            raise _lost(release, f"{uri} is not the package that was registered")
        (stored,) = found
        with publish_directory(folder) as temporary:
            shutil.copyfile(stored / CARD_NAME, temporary / CARD_NAME)
            for name, digest in read_card(stored).files.items():
                path = stored / Path(name).name
                if not path.is_file() or digest_file(path) != digest:
                    raise _lost(release, f"{uri}: {name} is missing or damaged")
                shutil.copyfile(path, temporary / path.name)
    return folder


def _lost(release: Release, problem: str) -> VersionLostError:
    return VersionLostError(
        f"the stored package of version {release.version} cannot be used: {problem}. Check out the "
        f"commit whose data.dvc says {release.origin.data_version} and run `voxgate run`: the same "
        "candidate is registered again. Or decide against it: "
        f"`voxgate quarantine {release.version} --by YOU --reason WHY`"
    )
