"""`audit verify-campaigns`: are the events of the campaigns what was appended?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.heads import verify_chain
from voxgate.campaigns.events import Row, parse_row
from voxgate.settings import load_settings
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor
from voxgate.wiring.campaign_rows import open_campaign_store

__all__ = ["verify_campaigns"]


def verify_campaigns(root: Path, head: str | None) -> dict[str, Any]:
    """Check every event of all campaigns as `verify_chain` does, and that each can be read.

    Raises:
        ConfigError: `head` is not SEQUENCE:SHA256.
    """
    settings = load_settings()
    return verify_chain(
        open_campaign_store(settings, root).event_rows,
        _read,
        head=head,
        anchor=open_anchor(Workspace(root), settings, "campaigns"),
    )


def _read(rows: Sequence[Row]) -> None:
    for row in rows:
        parse_row(row)
