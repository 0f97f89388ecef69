"""Open what was counted in trials, which lies in the ledger's database."""

from __future__ import annotations

from pathlib import Path

from voxgate.release.ports.tallies import Tallies
from voxgate.settings import Settings

__all__ = ["open_tallies"]


def open_tallies(settings: Settings, root: Path) -> Tallies:
    """Open the sums of trials alone.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError: the file is no ledger, or a newer voxgate wrote it.
        ExternalServiceError: the database does not answer.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.trial_tallies import SqlTallies

    return SqlTallies(open_database(settings, root))
