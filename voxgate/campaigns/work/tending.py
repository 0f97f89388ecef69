"""What no claim brings about: campaigns of which nothing is open any more, or whose time is over.

A worker may die between its last file and the word that it was the last; what killed three workers
ends without any of them; and a proof sample that nobody approves is claimed by nobody.
"""

from __future__ import annotations

from functools import partial

from voxgate.campaigns import transitions
from voxgate.campaigns.records import UNDER_WAY, Campaign, CampaignState
from voxgate.campaigns.spec import parse_spec
from voxgate.campaigns.work.tools import CampaignTools

__all__ = ["end_done", "expire_if_late", "expire_late"]

_STARTED = UNDER_WAY | {CampaignState.PROOFED, CampaignState.PAUSED, CampaignState.STOPPED}


def end_done(tools: CampaignTools, campaign_id: str | None = None) -> bool:
    """End the parts of which nothing is open, of one campaign or of all; True if any goes on.

    Raises:
        UnknownCampaignError: there is none of this id.
        ExternalServiceError, LedgerError: the database cannot be used.
    """
    store = tools.store
    found = store.campaigns() if campaign_id is None else [store.campaign(campaign_id)]
    under_way = [one.id for one in found if one.state in UNDER_WAY]
    ended = [store.end_if_done(one, actor=tools.worker) for one in under_way]
    return any(one.state in UNDER_WAY for one in ended)


def expire_late(tools: CampaignTools) -> None:
    """Let campaigns expire that were started and whose time is over, whoever they wait for.

    Raises:
        ExternalServiceError, LedgerError: the database cannot be used.
    """
    for campaign in tools.store.campaigns():
        if campaign.state in _STARTED:
            expire_if_late(tools, campaign)


def expire_if_late(tools: CampaignTools, campaign: Campaign) -> bool:
    """Let a campaign expire if its time is over, and say whether it is.

    Raises:
        ExternalServiceError, LedgerError: the database cannot be used.
    """
    if not parse_spec(dict(campaign.spec), campaign.id).is_late(tools.clock()):
        return False
    late = partial(transitions.expire, actor=tools.worker, reason="the time to send it is over")
    tools.store.change(campaign.id, late)
    return True
