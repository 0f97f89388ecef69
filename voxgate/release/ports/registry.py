"""The port of the registry: what shows people the runs, the versions and their files.

It follows the ledger and decides nothing. Its numbers of versions are its own; the ledger knows
which of them belongs to which release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from voxgate.files import read_json
from voxgate.release.ports.leases import Lease
from voxgate.release.ports.ledger import Ledger
from voxgate.release.projection import Drift, Shown
from voxgate.release.records import Release
from voxgate.stage import Workspace

__all__ = ["PROVENANCE", "Candidate", "RegisteredVersion", "Registry", "RegistryView"]

PROVENANCE = ("data.dvc", "dvc.lock", "dvc.yaml", "params.yaml")
"""Files of a checkout that say what a version was made from."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What the stages made, and its name."""

    digest: str
    model_name: str
    workspace: Workspace
    data_version: str
    checkpoints: Mapping[str, Any]
    """Contents of build/evaluate/checkpoints.json."""

    params: Mapping[str, Any]

    @property
    def consent_scope(self) -> str:
        """The narrowest scope of the speakers that the voice was made from."""
        evidence = read_json(self.workspace.stage_dir("evaluate") / "evidence.json")
        return str(evidence["consent_scope"])


@dataclass(frozen=True, kw_only=True)
class RegisteredVersion:
    """A version of the registered model, as the registry shows it."""

    name: str
    version: int
    parent_run_id: str | None
    """The run of the whole retraining; its artifacts hold the evidence."""

    aliases: tuple[str, ...]
    tags: Mapping[str, str]


class RegistryView(Protocol):
    """A registry that is only looked at. Every method raises ExternalServiceError as `Registry`."""

    def shown(self, model: str) -> Shown:
        """Return what it shows of a model; nothing when the model is not registered."""
        ...

    def examine(self, ledger: Ledger, model: str, *, now: datetime) -> tuple[Drift, ...]:
        """Return how it differs from the ledger; changes nothing.

        Raises:
            LedgerTamperedError: it followed an event that the ledger does not have.
        """
        ...

    def examine_files(self, ledger: Ledger, model: str) -> tuple[Drift, ...]:
        """Return which live, previous or gold version serves other files than were registered."""
        ...


class Registry(RegistryView, Protocol):
    """An open registry. Every method raises ExternalServiceError where it cannot be reached."""

    @property
    def tracking_uri(self) -> str:
        """Where it is."""
        ...

    def show_candidate(self, candidate: Candidate) -> RegisteredVersion:
        """Show what the stages made; a repeat of its digest changes nothing."""
        ...

    def find_candidate(self, model: str, digest: str) -> RegisteredVersion | None:
        """Return what `show_candidate` would return without writing; None: it has to write."""
        ...

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
        """Show the voice in `package`; a repeat of `digest` changes nothing."""
        ...

    def require_version(self, model: str, number: int | None) -> None:
        """Stop unless the registry still has its version `number`.

        Raises:
            RegistryError: it does not.
        """
        ...

    def catch_up(self, ledger: Ledger, model: str, *, now: datetime) -> tuple[Drift, ...]:
        """Follow the ledger; returns what was changed by hand, untouched.

        Raises:
            LedgerTamperedError: as `examine`.
        """
        ...

    def repair(
        self, ledger: Ledger, model: str, *, by: str, now: datetime, lease: Lease
    ) -> tuple[Drift, ...]:
        """Undo hand edits and restore lost versions; returns what was repaired.

        `lease` keeps other repairs of the model away.

        Raises:
            VersionLostError: the package of a deleted version is not stored any more.
            LeaseLostError: another repair may have begun.
        """
        ...

    def store_folder(self, run_id: str, folder: Path, name: str) -> None:
        """Store the files of `folder` with a run, under `name`; again is the same."""
        ...

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
        """Store the report in `folder` with a run, and link its `page` from version `number`.

        `description` is Markdown; again is the same.
        """
        ...

    def list_files(self, run_id: str, folder: str) -> set[str]:
        """Return the names of the files in a folder of what a run stored."""
        ...

    def find_nested_run(self, parent_run_id: str, name: str) -> str | None:
        """Return the id of the run `name` inside the run of a retraining."""
        ...

    def fetch(self, run_id: str, path: str, folder: Path) -> Path:
        """Fetch a file or folder of what a run stored into `folder`; returns where it lies."""
        ...

    def fetch_evidence(self, run_id: str | None, folder: Path) -> Path:
        """Fetch the evidence that the run of a retraining stored; returns the file.

        Raises:
            GateError: the version was registered without evidence (by hand, say).
        """
        ...

    def fetch_package(self, release: Release, folder: Path) -> Path:
        """Fetch the package that the ledger knows as this version into `folder`, and return it.

        Raises:
            VersionLostError: it is gone, or not byte for byte the one that was registered.
        """
        ...
