"""A checkout, opened in one way: its folders, its parameters, this machine's settings, its desk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from voxgate.errors import ConfigError
from voxgate.location import enclosing_checkout, require_usable
from voxgate.params import Params, load_params
from voxgate.settings import Settings, load_settings
from voxgate.stage import Workspace

if TYPE_CHECKING:
    from voxgate.release.desk import Desk  # half a second, and not every command decides

__all__ = ["Checkout"]


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """One checkout on this machine, as it was when it was opened."""

    workspace: Workspace
    params: Params
    settings: Settings

    @staticmethod
    def open(root: Path) -> Checkout:
        """Read params.yaml and the settings.

        Raises:
            ConfigError: this is no checkout, or one of them cannot be used; all faults of it are
                listed.
        """
        require_usable(root)
        workspace = Workspace(root.resolve())
        _require_params(workspace)
        return Checkout(
            workspace=workspace,
            params=load_params(workspace.params_file),
            settings=load_settings(),
        )

    @property
    def root(self) -> Path:
        """The folder of the checkout, absolute."""
        return self.workspace.root

    @cached_property
    def desk(self) -> Desk:
        """The desk at which its releases are decided, opened when it is first asked for.

        Raises:
            ConfigError: a notification channel, or the ledger, cannot be used as it is set.
            LedgerError, ExternalServiceError: the ledger cannot be opened.
        """
        from voxgate.wiring.release import open_desk

        return open_desk(self.workspace, self.params, self.settings)


def _require_params(workspace: Workspace) -> None:
    if workspace.params_file.is_file():
        return
    around = enclosing_checkout(workspace.root)
    if around == workspace.root:
        remedy = "the file is missing; `git checkout params.yaml` brings it back"
    elif around is not None:
        remedy = f"no checkout of voxgate; the one around it is {around}"
    else:
        remedy = "no checkout of voxgate: it has no params.yaml; name a checkout by --root"
    where = workspace.params_file if around == workspace.root else workspace.root
    raise ConfigError(str(where), [remedy])
