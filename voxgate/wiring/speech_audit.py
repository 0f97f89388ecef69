"""Open the audit of speech, which lies in the ledger's database."""

from __future__ import annotations

from pathlib import Path

from voxgate.serving.audit.chain import SpeechAudit
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor

__all__ = ["open_speech_audit"]


def open_speech_audit(settings: Settings, root: Path) -> SpeechAudit:
    """Open the audit alone.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError: the file is no ledger, or a newer voxgate wrote it.
        ExternalServiceError: the database does not answer.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.speech_audit import SqlSpeechAudit

    return SqlSpeechAudit(
        open_database(settings, root), anchor=open_anchor(Workspace(root), settings, "speech")
    )
