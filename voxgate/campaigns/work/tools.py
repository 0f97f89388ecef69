"""Everything that a worker of campaigns needs, however it is run: a flow, a queue, a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import Campaign
from voxgate.campaigns.work.rendering import RenderRecipe
from voxgate.campaigns.work.studio import Studio
from voxgate.clock import utc_now
from voxgate.serving.jobs.ports import AssetStore

__all__ = ["CampaignTools"]


@dataclass(frozen=True, kw_only=True)
class CampaignTools:
    """What turns are taken with. `worker` names this process in rows; `secret` names files.

    `require_allowed` raises a VoxgateError where version, profile or consent of a campaign may not
    be used today; it is asked at every claim. `recipe` says how its files are made. A lease of
    `lease_s` is renewed three times in its life.
    """

    store: CampaignStore
    assets: AssetStore
    open_studio: Callable[[Campaign], Studio]
    recipe: Callable[[Campaign], RenderRecipe]
    require_allowed: Callable[[Campaign], None]
    worker: str
    secret: bytes = field(repr=False)
    lease_s: float = 60.0
    claim_size: int = 32
    """Sentences a claim."""

    render_claim_size: int = 200
    """Files a claim; about as much work."""

    clock: Callable[[], datetime] = utc_now
