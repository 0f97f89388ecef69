"""data/ as a registered version: data.dvc names it, and nothing else is used.

`dvc repro` re-saves a changed data/ into data.dvc without a word, also when data.dvc is frozen
(`dvc repro --single-item` does not, and DVC refuses data.dvc as a dependency or parameter file).
Therefore a version counts as registered only if Git's HEAD has it or `voxgate data commit`
recorded it here; ingest and the flow ask `assert_registered` before they use the data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxgate.adapters.dvc.cache import cached_object
from voxgate.adapters.dvc.known_files import read_data_tree
from voxgate.adapters.dvc.leftovers import mend_after_kill
from voxgate.adapters.dvc.repository import open_repository, read_committed, require_git
from voxgate.adapters.dvc.tree import FolderTree, compare_trees, name_listing, parse_tree
from voxgate.errors import ConfigError, DataVersionError
from voxgate.files import write_text
from voxgate.stage import Workspace
from voxgate.strict_yaml import parse_yaml

__all__ = [
    "assert_registered",
    "commit_data",
    "data_version",
    "read_registered_tree",
    "require_data",
    "require_known",
    "version_at",
]


def data_version(root: Path) -> str:
    """Return the digest in data.dvc.

    Raises:
        DataVersionError: data.dvc is missing or is not what `dvc add data` writes.
    """
    path = Workspace(root).data_pointer
    if not path.is_file():
        raise DataVersionError(
            f"{path} is missing: no data version is registered. Run `voxgate corpus fetch` or "
            "`voxgate corpus add`, then `voxgate data commit`."
        )
    return _parse_version(path.read_text(encoding="utf-8"), str(path))


def version_at(root: Path, revision: str) -> str:
    """Return the digest that data.dvc has at a Git revision.

    Raises:
        DataVersionError: the revision does not exist or has no data.dvc, or Git does not answer.
    """
    text = read_committed(root, revision, _pointer(root)) if revision else None
    if text is None:
        raise DataVersionError(
            f"revision {revision!r} has no data.dvc in this repository; "
            "`git log -- data.dvc` lists the revisions that changed the data"
        )
    return _parse_version(text, f"data.dvc at {revision}")


def commit_data(root: Path) -> str:
    """Register what is in data/ as the data version (`dvc add data`) and return its digest.

    The files also enter DVC's cache, from where `push_data` takes them.

    Raises:
        DataVersionError: there is no data/, or DVC refused.
        StorageError: the disk is full, or must not be written to.
    """
    workspace = Workspace(root)
    data = workspace.data_dir
    mend_after_kill(root)
    if not workspace.manifest.is_file():
        raise DataVersionError(
            f"{data} holds no manifest.csv: there is nothing to register. Run "
            "`voxgate corpus fetch` or `voxgate corpus add` first."
        )
    with open_repository(root, f"register {data}") as repo:
        repo.scm_context.quiet = True  # no advice on git: the caller gives its own
        if data.is_symlink() and workspace.data_pointer.is_file():
            # `add` refuses a link to a bigger disk; what is tracked already may have become one.
            repo.commit(str(workspace.data_pointer), force=True)
        else:
            repo.add([str(data)])
    version = data_version(root)
    write_text(workspace.data_record, version + "\n")
    return version


def require_data(root: Path) -> str:
    """Return the data version where there is data at all, without a look at the files.

    Raises:
        DataVersionError: data.dvc or data/ is missing, or Git does not answer here.
    """
    version = data_version(root)
    data = Workspace(root).data_dir
    if not data.is_dir():
        raise DataVersionError(
            f"{data} is missing: data.dvc names version {version[:8]}. Run "
            "`voxgate corpus fetch` (the corpus of the project) or `voxgate data pull`."
        )
    require_git(root)
    return version


def assert_registered(root: Path) -> str:
    """Return the data version if data/ is exactly that, and somebody registered it.

    Raises:
        DataVersionError: as `require_data`; or data/ differs from data.dvc (names the files), or
            data.dvc names a version that nobody registered; says what to run.
    """
    version = require_data(root)
    found = read_data_tree(root)
    if found.digest != version:
        raise DataVersionError(
            f"data/ is not the registered version {version[:8]}: {_describe(root, version, found)}."
            " Run `voxgate data commit` to register the change, or `voxgate data pull --force` to "
            "go back."
        )
    require_known(root, version)
    return version


def require_known(root: Path, version: str) -> None:
    """Stop unless somebody registered a data version here, or in Git's HEAD.

    Raises:
        DataVersionError: nobody did; says what to run.
    """
    known = {_recorded(root), _head_version(root)} - {None}
    if known and version not in known:
        raise DataVersionError(
            f"data.dvc names version {version[:8]}, which nobody registered (known: "
            f"{', '.join(sorted(v[:8] for v in known if v))}): `dvc repro` re-saves a changed data/"
            " by itself. Run `voxgate data commit` to register it, or `git checkout data.dvc` and "
            "`voxgate data pull --force` to go back."
        )


def read_registered_tree(root: Path, version: str, here: FolderTree | None = None) -> FolderTree:
    """Return the files of a data version; `here` are those of data/, where somebody read them.

    Raises:
        DataVersionError: neither data/ is that version nor is it in DVC's cache.
    """
    if here is not None and here.digest == version:
        return here
    path = cached_object(root, version)
    if path.is_file():
        listing = path.read_bytes()
        if name_listing(listing) == version:  # else it is damaged
            return parse_tree(listing.decode())
    if here is None and Workspace(root).data_dir.is_dir():
        return read_registered_tree(root, version, read_data_tree(root))
    raise DataVersionError(
        f"data version {version[:8]} is not in DVC's cache; `git checkout` its data.dvc and "
        "run `voxgate data pull`"
    )


def _describe(root: Path, version: str, found: FolderTree) -> str:
    try:
        return compare_trees(read_registered_tree(root, version, found), found).describe()
    except DataVersionError:
        return (
            f"it has {len(found.files)} files and digest {found.digest[:8]} (the list of the "
            "registered files is not in DVC's cache, so the difference has no names)"
        )


def _parse_version(text: str, where: str) -> str:
    try:
        raw: Any = parse_yaml(text, where)
        entry = next(out for out in raw["outs"] if out["path"] == "data")
        return str(entry["md5"])
    except (ConfigError, KeyError, TypeError, StopIteration) as error:
        raise DataVersionError(
            f"{where}: expected what `dvc add data` writes (outs with path data and an md5); "
            "restore it with `git checkout data.dvc`"
        ) from error


def _recorded(root: Path) -> str | None:
    path = Workspace(root).data_record
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _head_version(root: Path) -> str | None:
    text = read_committed(root, "HEAD", _pointer(root))
    return _parse_version(text, "data.dvc at HEAD") if text is not None else None


def _pointer(root: Path) -> str:
    return Workspace(root).data_pointer.name
