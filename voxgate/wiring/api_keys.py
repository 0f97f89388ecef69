"""Open the store of API keys, in the database of the ledger."""

from __future__ import annotations

from pathlib import Path

from voxgate.serving.api_keys import KeyStore
from voxgate.settings import Settings

__all__ = ["open_keys"]


def open_keys(settings: Settings, root: Path) -> KeyStore:
    """Open the keys.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    from voxgate.adapters.sql.api_keys import SqlKeys
    from voxgate.adapters.sql.database import open_database

    return SqlKeys(open_database(settings, root))
