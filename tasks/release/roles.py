"""`roles`: the accounts of the MLflow server, from a file that only its owner reads."""

from __future__ import annotations

from pathlib import Path

from voxgate.errors import ConfigError
from voxgate.settings import load_settings
from voxgate.wiring.accounts import make_accounts, read_accounts
from voxgate.wiring.checkout import Checkout

__all__ = ["apply_accounts"]


def apply_accounts(root: Path, path: Path) -> list[str]:
    """Make the server's accounts those of the file; returns one line for each.

    Raises:
        ConfigError: a line of the file is wrong, or there is no server.
        RegistryError: VOXGATE_MLFLOW_USERNAME is no administrator.
    """
    accounts = read_accounts(path)
    if load_settings().mlflow_tracking_uri is None:
        raise ConfigError(
            "VOXGATE_MLFLOW_TRACKING_URI", ["not set: without a server there are no accounts"]
        )
    checkout = Checkout.open(root)
    model = checkout.params.gate.model_name
    return make_accounts(accounts, model=model, settings=checkout.settings, root=checkout.root)
