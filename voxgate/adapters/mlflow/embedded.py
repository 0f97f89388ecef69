"""The registry of a checkout's own store, read from its file without starting MLflow.

MLflow takes two seconds to start, and who only looks does not need it. What it wrote is read here
as the locked version of it writes: another schema, an address that is no folder, or a fault of any
kind is left to MLflow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from voxgate.adapters.mlflow.database import require_sound
from voxgate.adapters.mlflow.packages import require_package, served_uri
from voxgate.adapters.mlflow.reconciler import HEAD_TAG, examine, examine_files
from voxgate.adapters.mlflow.relocation import relocate
from voxgate.release.ports.ledger import Ledger
from voxgate.release.projection import Drift, Shown
from voxgate.release.records import Release
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = ["SCHEMA", "EmbeddedRegistry", "read_embedded", "read_store"]

SCHEMA = "dc11669786a5"
"""The schema of the locked MLflow; a test holds it against the one that is installed."""

_NOTHING = Shown(aliases={}, versions={}, head=None, exists=False)
_DELETED = "Deleted_Internal"
"""The stage of a version that MLflow has deleted; the row stays, so no number comes twice."""

_SPACES = """
SELECT workspace FROM registered_models UNION SELECT workspace FROM model_versions"""
_VERSIONS = """
SELECT version, COALESCE(NULLIF(storage_location, ''), source)
FROM model_versions WHERE name = ? AND current_stage <> ?"""
_VERSION_TAGS = "SELECT version, key, value FROM model_version_tags WHERE name = ?"
_ALIASES = "SELECT alias, version FROM registered_model_aliases WHERE name = ?"
_HEAD = "SELECT value FROM registered_model_tags WHERE name = ? AND key = ?"


@dataclass(frozen=True, kw_only=True)
class EmbeddedRegistry:
    """Implements RegistryView on what the file said of one model at one moment."""

    model: str
    seen: Shown = _NOTHING
    folders: Mapping[int, Path] = field(default_factory=dict)
    """Where the files of each version lie."""

    def shown(self, model: str) -> Shown:
        """See `RegistryView.shown`."""
        assert model == self.model, f"{self.model} was read, {model} is asked for"
        return self.seen

    def examine(self, ledger: Ledger, model: str, *, now: datetime) -> tuple[Drift, ...]:
        """See `RegistryView.examine`."""
        return examine(ledger, self.shown(model), model, now=now)

    def examine_files(self, ledger: Ledger, model: str) -> tuple[Drift, ...]:
        """See `RegistryView.examine_files`; they are read where they lie."""

        def require(release: Release) -> None:
            folder = self.folders[release.registry_version]
            require_package(folder, served_uri(model, release), release)

        return examine_files(ledger, self.shown(model), model, require)


def read_embedded(settings: Settings, workspace: Workspace, model: str) -> EmbeddedRegistry | None:
    """Read what the checkout's own registry says of a model; None where only MLflow can tell.

    As whenever it is opened, the addresses of a checkout that was moved are led here first.

    Raises:
        StorageError: the checkout's own database is damaged.
        ExternalServiceError: another process keeps it locked.
    """
    if settings.mlflow_tracking_uri is not None:
        return None
    require_sound(workspace)
    if not workspace.mlflow_database.exists():
        return EmbeddedRegistry(model=model)
    try:
        relocate(workspace)
    except sqlite3.Error:
        return None  # MLflow's connection meets the same, and says what to do
    return read_store(workspace.mlflow_database, model)


def read_store(path: Path, model: str) -> EmbeddedRegistry | None:
    """Read what the file of a SQLite store says of a model; None where only MLflow can tell."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
            database.execute("BEGIN")  # one moment for all tables
            return _read(database, model)
    except sqlite3.Error:
        return None  # no such table: another version of MLflow wrote it, or none has yet


def _read(database: sqlite3.Connection, model: str) -> EmbeddedRegistry | None:
    ask = database.execute
    if ask("SELECT version_num FROM alembic_version").fetchall() != [(SCHEMA,)]:
        return None
    if {space for (space,) in ask(_SPACES)} - {"default"}:
        return None
    if ask("SELECT 1 FROM registered_models WHERE name = ?", (model,)).fetchone() is None:
        return EmbeddedRegistry(model=model)
    places = {number: _folder(place) for number, place in ask(_VERSIONS, (model, _DELETED))}
    folders = {number: folder for number, folder in places.items() if folder is not None}
    if len(folders) < len(places):
        return None
    tags: dict[int, dict[str, str]] = {number: {} for number in folders}
    for number, key, value in ask(_VERSION_TAGS, (model,)):
        tags.get(number, {})[key] = value
    head = ask(_HEAD, (model, HEAD_TAG)).fetchone()
    seen = Shown(
        aliases={alias: number for alias, number in ask(_ALIASES, (model,)) if number in folders},
        versions=tags,
        head=head[0] if head and folders else None,  # as MLflow's client is asked: no version, none
    )
    return EmbeddedRegistry(model=model, seen=seen, folders=folders)


def _folder(address: str | None) -> Path | None:
    parts = urlsplit(address or "")
    if (parts.scheme, parts.netloc) != ("file", "") or parts.query or parts.fragment:
        return None
    return Path(unquote(parts.path))
