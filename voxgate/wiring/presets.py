"""Open the presets of an installation."""

from __future__ import annotations

from pathlib import Path

from voxgate.serving.preset_book import PresetBook
from voxgate.settings import Settings
from voxgate.speaking.presets import shipped_presets

__all__ = ["open_preset_book"]


def open_preset_book(settings: Settings, root: Path) -> PresetBook:
    """Open the shipped presets and those in the ledger's database.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported, or a shipped preset and
            an own one have one name and version.
        LedgerTamperedError: a row is not what was added.
        LedgerError, StorageError, ExternalServiceError: the database cannot be used.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.presets import SqlPresets

    return PresetBook(shipped_presets(), SqlPresets(open_database(settings, root)))
