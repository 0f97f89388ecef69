"""Open the tools of a campaign's worker, who speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from voxgate.campaigns.work.tools import CampaignTools
from voxgate.clock import utc_now
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.campaign_studio import open_studio
from voxgate.wiring.campaign_voices import pinned_recipe, require_allowed
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_assets, speech_secret

__all__ = ["build_campaign_tools"]


def build_campaign_tools(
    checkout: Checkout, *, worker: str, clock: Callable[[], datetime] = utc_now
) -> CampaignTools:
    """Return what a worker takes turns with.

    Raises:
        ConfigError, LedgerError, StorageError, ExternalServiceError: as the parts that are opened.
    """
    settings, workspace = checkout.settings, checkout.workspace
    return CampaignTools(
        store=open_campaign_store(settings, checkout.root),
        assets=open_assets(settings, workspace),
        open_studio=partial(open_studio, checkout),
        recipe=partial(pinned_recipe, checkout),
        require_allowed=partial(require_allowed, checkout, clock),
        worker=worker,
        secret=speech_secret(settings, workspace, "names"),
        clock=clock,
    )
