"""Tell people what came of campaigns, through the outbox of releases and its channels."""

from __future__ import annotations

from voxgate.campaigns.notices import campaign_notices
from voxgate.campaigns.ports import CampaignStore
from voxgate.errors import ExternalServiceError, LedgerError
from voxgate.release.desk import Desk
from voxgate.release.notices import Notice
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout

__all__ = ["enqueue_notices", "new_notices", "send_new_notices", "tell_campaigns"]


def enqueue_notices(desk: Desk, store: CampaignStore) -> int:
    """Put what is new about campaigns into the outbox, each event once; returns how many.

    Raises:
        LedgerTamperedError: the events are not what was appended.
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    new = new_notices(desk, store)
    return sum(desk.outbox.enqueue(one.key, one.subject, one.text) for one in new)


def new_notices(desk: Desk, store: CampaignStore) -> list[Notice]:
    """Return what is not in the outbox yet; raises as `enqueue_notices`."""
    known = {alarm.key for alarm in desk.outbox.alarms()}
    return [notice for notice in campaign_notices(store.events()) if notice.key not in known]


def send_new_notices(desk: Desk, store: CampaignStore) -> tuple[str, ...]:
    """Enqueue, and send at once where there was something new; returns the problems.

    What did not get through is tried again by `voxgate outbox send`, as for releases.

    Raises:
        LedgerError, ExternalServiceError: as `enqueue_notices`.
    """
    return desk.notify() if enqueue_notices(desk, store) else ()


def tell_campaigns(checkout: Checkout) -> tuple[str, ...]:
    """Enqueue for whoever sends next; returns what stood in the way, which holds no release up."""
    try:
        enqueue_notices(checkout.desk, open_campaign_store(checkout.settings, checkout.root))
    except (ExternalServiceError, LedgerError) as error:
        return (f"campaigns: {error}",)
    return ()
