"""Open the rows of campaigns, for whoever speaks nothing: loads no network."""

from __future__ import annotations

from pathlib import Path

from voxgate.campaigns.ports import CampaignStore
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor

__all__ = ["open_campaign_store"]


def open_campaign_store(settings: Settings, root: Path) -> CampaignStore:
    """Open the rows of campaigns, which are tables of the ledger's database.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    from voxgate.adapters.sql.campaigns.store import SqlCampaignStore
    from voxgate.adapters.sql.database import open_database

    return SqlCampaignStore(
        open_database(settings, root), anchor=open_anchor(Workspace(root), settings, "campaigns")
    )
