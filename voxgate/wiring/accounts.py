"""The accounts of the MLflow server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from voxgate.adapters.mlflow.roles import Account, apply_roles, read_accounts
from voxgate.adapters.mlflow.store import connect
from voxgate.settings import Settings

__all__ = ["make_accounts", "read_accounts"]


def make_accounts(
    accounts: Iterable[Account], *, model: str, settings: Settings, root: Path
) -> list[str]:
    """Make the server's accounts those named; returns one line for each.

    Raises:
        ExternalServiceError: the server does not answer.
        RegistryError: VOXGATE_MLFLOW_USERNAME is no administrator.
    """
    return apply_roles(connect(settings, root), model, accounts)
