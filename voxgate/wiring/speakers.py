"""Open the register of speaker profiles and the folder of their references."""

from __future__ import annotations

from pathlib import Path

from voxgate.settings import Settings
from voxgate.speakers.ports import SpeakerRegister
from voxgate.stage import Workspace

__all__ = ["open_speaker_register", "references_dir"]


def open_speaker_register(settings: Settings, root: Path) -> SpeakerRegister:
    """Open the register, which is a table of the ledger's database.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError: the file is no ledger, or a newer voxgate wrote it.
        ExternalServiceError: the database does not answer.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.speaker_register import SqlSpeakerRegister

    return SqlSpeakerRegister(open_database(settings, root))


def references_dir(workspace: Workspace) -> Path:
    """Return the folder of the references of all profiles."""
    return workspace.state_dir / "speakers"
