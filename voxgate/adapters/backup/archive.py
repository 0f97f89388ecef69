"""Copy registry, accounts, artifacts, ledger and what speech needs out together, and put it back.

A backup is a folder: `manifest.json` with the sha256 of every file, and one folder a store. It
appears under its name only when it is complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from voxgate.adapters.backup.kept_folder import KeptFolder
from voxgate.adapters.backup.stores import PostgresDatabase, SqliteDatabase, Store, open_store
from voxgate.adapters.backup.trees import Content, FolderTree, files_below
from voxgate.adapters.sql.database import Database
from voxgate.clock import utc_now
from voxgate.errors import BackupError, ConfigError, ExternalServiceError, StorageError
from voxgate.files import digest_file, publish_directory, read_json, write_json
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["NAMES", "back_up", "check_backup", "default_stores", "restore"]

_KEPT = ("heads", "spool", "speakers", "key")
"""Folders of a checkout, and the file of its key; what is empty is left out of a backup, and of a
restoration then."""

NAMES = ("ledger", "registry", "auth", "artifacts", *_KEPT)
"""What can be backed up. They are restored from the last to the first."""

_WITH_THE_LEDGER = {"ledger", "registry", "heads", "spool"}
"""Copied while nobody may write to the ledger's database: no head is newer than it, and a record
of speech is in it or in the spool."""

FORMAT = 1


def default_stores(settings: Settings, root: Path) -> dict[str, str]:
    """Return the URLs of what this checkout keeps: its ledger and, without a server, MLflow.

    Beside them are the references of speakers, the records of speech on their way to the database,
    the heads of its chains, and the secret that texts and files are named by.
    """
    workspace = Workspace(root.resolve())
    ledger = settings.ledger_url
    stores = {"ledger": f"sqlite:///{workspace.ledger_file.resolve()}"}
    if ledger is not None:
        stores["ledger"] = ledger.get_secret_value()
    if settings.mlflow_tracking_uri is None:
        stores["registry"] = f"sqlite:///{workspace.mlflow_database.resolve()}"
        stores["artifacts"] = workspace.mlflow_artifacts.resolve().as_uri()
    stores["heads"] = workspace.ledger_heads_dir.resolve().as_uri()
    stores["spool"] = workspace.speech_spool_dir.resolve().as_uri()
    stores["speakers"] = workspace.speakers_dir.resolve().as_uri()
    stores["key"] = workspace.speech_key.resolve().as_uri()
    return stores


def back_up(stores: Mapping[str, str], target: Path) -> dict[str, int]:
    """Write a backup of the stores (URLs by name) to the new folder `target`.

    While ledger and registry are copied no release can be decided, so the two agree.

    Returns:
        The number of files by store.

    Raises:
        BackupError: `target` exists.
        StorageError, ExternalServiceError: a store cannot be read.
    """
    opened = {
        name: store
        for name, store in _open(stores).items()
        if not (name in _KEPT and store.is_empty())
    }
    if target.exists():
        raise BackupError(f"{target} exists; a backup never replaces another. Name a new folder")
    with publish_directory(target) as folder:
        for store in opened:
            (folder / store).mkdir(mode=0o700)
        with _paused(opened.get("ledger")):
            for name in opened.keys() & _WITH_THE_LEDGER:
                opened[name].dump(folder / name)
        # Files come last: what the registry or the speakers' register refers to was stored before.
        for name in [name for name in opened if name not in _WITH_THE_LEDGER]:
            opened[name].dump(folder / name)
        files = files_below(folder)
        manifest = {
            "format": FORMAT,
            "made_at": utc_now().isoformat(timespec="seconds"),
            "stores": {name: store.kind for name, store in opened.items()},
            "files": {path.relative_to(folder).as_posix(): digest_file(path) for path in files},
        }
        write_json(folder / "manifest.json", manifest)
        return {name: len(files_below(folder / name)) for name in opened}


def check_backup(folder: Path) -> dict[str, Any]:
    """Read every byte of a backup; return its manifest.

    Raises:
        BackupError: it is no backup, or not as it was written.
    """
    try:
        manifest = read_json(folder / "manifest.json")
        version, files, stores = manifest["format"], manifest["files"], manifest["stores"]
        damaged = not (isinstance(files, dict) and isinstance(stores, dict))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"{folder} is no backup: cannot read its manifest.json: {error}"
        ) from None
    if version != FORMAT or damaged:
        raise BackupError(f"{folder}: expected a backup of format {FORMAT}, got {version!r}")
    there = {path.relative_to(folder).as_posix(): path for path in files_below(folder)}
    del there["manifest.json"]
    faults = [f"{name} is missing" for name in sorted(files.keys() - there.keys())]
    faults += [f"{name} is not in the manifest" for name in sorted(there.keys() - files.keys())]
    for name in sorted(files.keys() & there.keys()):
        if digest_file(there[name]) != files[name]:
            faults.append(f"{name} is not what was written")
    if faults:
        raise BackupError(f"{folder} is damaged; nothing was restored: {'; '.join(faults[:5])}")
    return cast("dict[str, Any]", manifest)


def restore(folder: Path, stores: Mapping[str, str]) -> dict[str, str]:
    """Fill the stores (URLs by name), which must be empty, from a backup.

    Everything is checked before anything is written. The ledger comes back last: until then
    nothing is live. A store that holds exactly the backup already, or a part of it, is what a
    restoration left that was killed: given again, the command goes on from there. Heads, waiting
    records and references are put beside those that are there.

    Returns:
        Where each store went.

    Raises:
        BackupError: the backup is damaged or of other stores, or a target holds something else.
        StorageError, ExternalServiceError: a store cannot be written.
    """
    kinds = check_backup(folder)["stores"]
    opened = {n: store for n, store in _open(stores).items() if n in kinds or n not in _KEPT}
    faults = [f"the backup has no {name}" for name in sorted(opened.keys() - kinds.keys())]
    faults += [f"no --store names its {name}" for name in sorted(kinds.keys() - opened.keys())]
    found: dict[str, Content] = {}
    for name in sorted(kinds.keys() & opened.keys()):
        if kinds[name] != opened[name].kind:
            faults.append(f"its {name} is {kinds[name]}, {opened[name].where} is another kind")
            continue
        found[name] = opened[name].compare(folder / name)
        if found[name] is Content.OTHER:
            faults.append(f"{opened[name].where} is not empty; move what is there away first")
    if faults:
        raise BackupError(f"{folder} cannot be restored; nothing was: {'; '.join(faults)}")
    done: dict[str, str] = {}
    for name in reversed(opened):
        try:
            if found[name] is not Content.ALL:
                opened[name].load(folder / name)
        except (StorageError, ExternalServiceError) as error:
            before = ", ".join(done.values()) or "nothing"
            raise type(error)(
                f"{error}. Restored before that: {before}; the same command goes on from there."
            ) from error
        done[name] = opened[name].where
    return done


def _open(stores: Mapping[str, str]) -> dict[str, Store]:
    unknown = [f"{name}: expected {', '.join(NAMES)}" for name in stores if name not in NAMES]
    if unknown or not stores:
        raise ConfigError("stores", unknown or ["there is none to back up or restore"])
    return {name: _open_store(name, stores[name]) for name in NAMES if name in stores}


def _open_store(name: str, url: str) -> Store:
    store = open_store(url)
    if name not in _KEPT:
        return store
    if not isinstance(store, FolderTree):
        raise ConfigError("stores", [f"{name}: expected file:///…, got {store.where}"])
    return KeptFolder(store.path, single=name == "key")


@contextmanager
def _paused(store: Store | None) -> Iterator[None]:
    if isinstance(store, SqliteDatabase) and not store.is_empty():
        url = sa.URL.create("sqlite", database=str(store.path))
    elif isinstance(store, PostgresDatabase):
        url = store.url.set(drivername="postgresql+psycopg")
    else:
        yield
        return
    with Database(url).writing():  # every other writer waits, so that ledger and registry agree
        yield
