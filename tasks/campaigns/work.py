"""Work at whatever campaign is under way: `voxgate campaign work`."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tasks.campaigns.notices import send_new_notices
from voxgate.wiring.campaign_worker import Workplace, ending_softly, serve_messages, take_turns
from voxgate.wiring.campaigns import build_campaign_tools
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_job_broker
from voxgate.wiring.speech_service import usable_cores

__all__ = ["work_at_campaigns"]


def work_at_campaigns(
    root: Path, *, workers: int | None, follow: bool, say: Callable[[str], None]
) -> None:
    """Work with so many processes (a core each) until nothing is open, or until interrupted.

    The first SIGTERM or SIGINT lets the turns at hand end; a second one does not wait for them.

    Raises:
        ConfigError: this is no checkout, or a setting cannot be used.
        LedgerError, StorageError, ExternalServiceError: database or disk cannot be used.
        WorkerLostError: without `follow`, processes died again and again; the rows are whole.
    """
    checkout = Checkout.open(root)
    count = workers or usable_cores()
    tools = build_campaign_tools(checkout, worker=f"work-{socket.gethostname()}-{os.getpid()}")
    tell = partial(send_new_notices, checkout.desk, tools.store)
    broker = open_job_broker(checkout.settings)
    with ending_softly(
        lambda: say("the turns at hand come to their end; again to end at once")
    ) as stop:
        place = Workplace(root=checkout.root, tools=tools, workers=count, stop=stop, tell=tell)
        if broker is None:
            say(f"takes turns at campaigns, {count} at once (stop with Ctrl-C)")
            take_turns(place, follow=follow)
        else:
            say(f"takes turns as messages ask for them, {count} at once (stop with Ctrl-C)")
            serve_messages(place, broker)
    say("ended" if stop.is_set() else "nothing of any campaign is open")
