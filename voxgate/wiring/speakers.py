"""Open the register of speaker profiles, which lies in the ledger's database."""

from __future__ import annotations

from pathlib import Path

from voxgate.settings import Settings
from voxgate.speakers.ports import SpeakerRegister
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor

__all__ = ["open_speaker_register"]


def open_speaker_register(settings: Settings, root: Path) -> SpeakerRegister:
    """Open the register, which is a table of the ledger's database.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError: the file is no ledger, or a newer voxgate wrote it.
        ExternalServiceError: the database does not answer.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.speaker_register import SqlSpeakerRegister

    return SqlSpeakerRegister(
        open_database(settings, root), anchor=open_anchor(Workspace(root), settings, "speakers")
    )
