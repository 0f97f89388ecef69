"""`send_notices`: what commands could not send, and what only time brings about."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.campaigns.notices import tell_campaigns
from tasks.heartbeat import leave_heartbeat
from voxgate.clock import utc_now
from voxgate.wiring.checkout import Checkout

__all__ = ["send_notices"]

DEPLOYMENT = "notices"


@flow(name="send-notices", persist_result=False)
def send_notices(root: Path = Path()) -> State[tuple[str, ...]]:
    """Send every notification that is due, of releases and of campaigns: `voxgate outbox send`.

    A receiver that is down is no failure of the run: it is tried again, and `voxgate status` shows
    what was given up.
    """
    root = root.resolve()
    checkout = Checkout.open(root)
    problems = tell_campaigns(checkout) + checkout.desk.notify()
    leave_heartbeat(root, DEPLOYMENT, now=utc_now())
    message = "; ".join(problems) or "nothing is due any more"
    return Completed(name="Unsent" if problems else "Sent", message=message, data=problems)
