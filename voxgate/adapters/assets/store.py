"""The folder of weights on this machine: fetched once, checked at every load.

Every load hashes every file (145 MB take about 0.1 s): a stamp of size and time would be faster by
nothing that matters, and would miss a bit that a disk turned over.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voxgate.adapters.assets.catalogue import CATALOGUE, find_asset
from voxgate.adapters.assets.origins import Asset, folder_digest
from voxgate.adapters.assets.recipes import build_asset
from voxgate.errors import WeightsError
from voxgate.files import digest_file, publish_directory, write_json

__all__ = ["checked_folder", "fetch_asset", "file_digests", "source_folder", "verify_asset"]

RECORD = "asset.json"


def fetch_asset(asset: Asset, assets_dir: Path, *, local_dir: Path | None = None) -> bool:
    """Make `<assets_dir>/<name>` hold the asset; return False if it did already.

    Several processes may call this at once: the first builds, the others wait and find it done.

    Args:
        asset: what to fetch.
        assets_dir: where assets live on this machine.
        local_dir: a folder with files that were downloaded by other means.

    Raises:
        AssetError: the source could not be reached.
        WeightsError: what it delivered is not what is pinned; nothing is kept.
        StorageError: the folder could not be written; nothing half-written is left.
    """
    folder = assets_dir / asset.name
    with _lock(assets_dir, asset.name):
        if not _faults(asset, folder):
            return False
        with publish_directory(folder) as temporary:
            build_asset(asset, temporary, local_dir=local_dir)
            faults = _faults(asset, temporary)
            if faults:
                raise WeightsError(f"{asset.name}: the source delivered other files: {faults[0]}")
            write_json(temporary / RECORD, _record(asset))
    return True


def verify_asset(asset: Asset, assets_dir: Path) -> Path:
    """Return the asset's folder after hashing every file in it.

    Raises:
        WeightsError: it is absent, or a file is missing, changed, or does not belong.
    """
    folder = assets_dir / asset.name
    faults = _faults(asset, folder)
    if faults:
        raise WeightsError(
            f"{asset.name}: {'; '.join(faults)}. Run `voxgate weights fetch {asset.name}`"
        )
    return folder


def source_folder(source: str, assets_dir: Path) -> Path:
    """Return the folder that a source names: a catalogue asset's, or a local folder as it is."""
    names = {asset.name for asset in CATALOGUE}
    if source not in names and Path(source).is_dir():
        return Path(source)
    return assets_dir / find_asset(source).name


def checked_folder(source: str, sha256: str, assets_dir: Path) -> Path:
    """Return the folder of weights that `source` names, if its digest is `sha256`.

    Args:
        source: a name of the catalogue, a hub id that it knows, or a local folder.
        sha256: the pin of params.yaml, a `folder_digest`.
        assets_dir: where assets live on this machine.

    Raises:
        AssetError: the catalogue has no such source.
        WeightsError: the weights are absent, damaged, or not the pinned ones.
    """
    folder = source_folder(source, assets_dir)
    if folder.parent == assets_dir:
        # First against the catalogue: its message names the file that is wrong.
        verify_asset(find_asset(folder.name), assets_dir)
    actual = folder_digest(file_digests(folder))
    if actual != sha256:
        raise WeightsError(
            f"{source} ({folder}): params.yaml pins sha256 {sha256}, the files have {actual}. "
            "If the change is meant, pin the new value; if not, run `voxgate weights fetch`"
        )
    return folder


def file_digests(folder: Path) -> dict[str, str]:
    """Map the name of each file of a weights folder (not the record, not hidden) to its sha256."""
    if not folder.is_dir():
        raise WeightsError(f"{folder} is missing; run `voxgate weights fetch`")
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    return {name: digest_file(folder / name) for name in names if name != RECORD}


def _faults(asset: Asset, folder: Path) -> list[str]:
    if not folder.is_dir():
        return [f"{folder} is missing"]
    actual, expected = file_digests(folder), asset.pins
    faults = [f"{folder / name} is missing" for name in expected if name not in actual]
    faults += [f"{folder / name} does not belong there" for name in actual if name not in expected]
    faults += [
        f"{folder / name}: expected sha256 {expected[name]}, got {actual[name]}"
        for name in expected
        if name in actual and actual[name] != expected[name]
    ]
    return faults


def _record(asset: Asset) -> dict[str, object]:
    return {
        "schema": 1,
        "name": asset.name,
        "kind": asset.kind,
        "licence": asset.licence,
        "source": asset.origin.describe(),
        "files": asset.pins,
        "sha256": asset.sha256,
    }


@contextmanager
def _lock(assets_dir: Path, name: str) -> Iterator[None]:
    """Hold an advisory lock that the kernel releases when the holder dies."""
    assets_dir.mkdir(parents=True, exist_ok=True)
    with (assets_dir / f".{name}.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
