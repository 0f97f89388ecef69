"""`voxgate corpus fetch`: the project's corpus in data/, registered, and never over other data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.adapters.corpora.apt import ASTERISK_ENGLISH, fetch_packages, lay_out_english
from voxgate.adapters.dvc.data import assert_registered, commit_data, data_version
from voxgate.adapters.dvc.tree import read_tree
from voxgate.corpus.asterisk import LayoutReport
from voxgate.errors import DataVersionError
from voxgate.files import publish_directory
from voxgate.lease import data_lease
from voxgate.stage import Workspace

__all__ = ["FetchReport", "fetch_corpus"]


@dataclass(frozen=True, kw_only=True)
class FetchReport:
    """The data version in place; `layout` is None where nothing had to be done."""

    version: str
    layout: LayoutReport | None


def fetch_corpus(root: Path, assets_dir: Path, *, force: bool = False) -> FetchReport:
    """Put the English corpus into `root`/data and register it.

    A data/ that is the registered version already stays as it is, whatever that version is: a
    second run, or a run after `corpus add`, changes nothing.

    Raises:
        DataVersionError: data/ holds something unregistered, or data.dvc names a version other
            than this corpus; `force` overrules both.
        AssetError: the packages could not be fetched.
    """
    workspace = Workspace(root)
    if not force and workspace.data_dir.exists() and workspace.data_pointer.exists():
        return FetchReport(version=assert_registered(root), layout=None)
    packages = fetch_packages(ASTERISK_ENGLISH, assets_dir / "debian")
    with data_lease(workspace, purpose="corpus fetch"):
        with publish_directory(workspace.data_dir) as folder:
            layout = lay_out_english(packages, folder)
            if not force:
                _check_replaceable(root, read_tree(folder).digest)
        return FetchReport(version=commit_data(root), layout=layout)


def _check_replaceable(root: Path, version: str) -> None:
    workspace = Workspace(root)
    if workspace.data_pointer.exists() and data_version(root) != version:
        raise DataVersionError(
            f"data.dvc names version {data_version(root)[:8]}, the corpus is {version[:8]}: this "
            "checkout works on other data. `voxgate data pull` brings them; `--force` lays out "
            "the corpus and registers it in their place."
        )
    data = workspace.data_dir
    if data.exists() and read_tree(data).digest != version:
        raise DataVersionError(
            f"{data} exists and is neither registered nor this corpus. Register it with "
            "`voxgate data commit`, move it away, or overwrite it with `--force`."
        )
