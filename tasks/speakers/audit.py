"""`audit verify-speakers`: is the register of speakers what was appended?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tasks.heads import heads_outside
from voxgate.errors import LedgerTamperedError
from voxgate.hash_chain import Finding, find_breaks, name_head
from voxgate.settings import load_settings
from voxgate.speakers.events import Row
from voxgate.speakers.register import Register
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor
from voxgate.wiring.speakers import open_speaker_register

__all__ = ["verify_speakers"]


def verify_speakers(root: Path, head: str | None) -> dict[str, Any]:
    """Check every event, and the chain against the heads that are remembered outside.

    Those are `head`, and the last one that this checkout saw. Where the chain is whole, whether
    the rules allow what it says.

    Raises:
        ConfigError: `head` is not SEQUENCE:SHA256.
    """
    settings = load_settings()
    heads = heads_outside(head, open_anchor(Workspace(root), settings, "speakers"))
    rows = open_speaker_register(settings, root).rows()
    findings = find_breaks(rows, heads.values()) or _find_breach(rows)
    return {
        "events": len(rows),
        "head": name_head(rows[-1].sequence, rows[-1].digest) if rows else None,
        "compared_with": list(heads),
        "findings": [vars(finding) for finding in findings],
    }


def _find_breach(rows: tuple[Row, ...]) -> list[Finding]:
    try:
        Register.of_rows(rows)
    except LedgerTamperedError as error:
        return [Finding(sequence=len(rows), code="not_allowed", message=str(error))]
    return []
