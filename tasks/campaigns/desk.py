"""The desk of campaigns: their rows, and who asks; everything else is opened where it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voxgate.campaigns.ports import CampaignStore
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout

__all__ = ["CampaignDesk", "open_campaign_desk"]


@dataclass(frozen=True, kw_only=True)
class CampaignDesk:
    """Where campaigns are decided. `by` is who asks, for the events."""

    checkout: Checkout
    store: CampaignStore
    by: str


def open_campaign_desk(root: Path, *, by: str | None = None) -> CampaignDesk:
    """Open the desk of a checkout; without `by` it is who is logged in here.

    Raises:
        ConfigError: this is no checkout, or the settings cannot be used.
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    checkout = Checkout.open(root)
    return CampaignDesk(
        checkout=checkout,
        store=open_campaign_store(checkout.settings, checkout.root),
        by=by or checkout.settings.actor or checkout.desk.login["name"],
    )
