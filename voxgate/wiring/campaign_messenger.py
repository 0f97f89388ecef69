"""A process that takes the turns that messages ask for: `python -m … ROOT MOST_WAITING`.

It is a Celery worker with one thread for all that computes, started by `campaign_worker`, and
leaves the processor to whoever else wants it. It ends after the turn at hand when its standard
input is closed, or at SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from voxgate.campaigns.work.passing import answer_message
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.errors import ConfigError
from voxgate.politeness import leave_the_processor_to_others
from voxgate.settings import load_settings
from voxgate.wiring.campaign_hand import OpenTools, hand_name, open_tools
from voxgate.wiring.speech_jobs import open_job_broker

__all__ = ["main"]


def main(root: str, most_waiting: str, *, tools: OpenTools = open_tools) -> int:
    """Take turns until nobody holds the other end of the input any more.

    Raises:
        ConfigError: there is no broker.
    """
    from voxgate.adapters.queue.campaign_queue import (
        CAMPAIGNS,
        CeleryTurnQueue,
        make_campaign_app,
    )

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says what that means
    leave_the_processor_to_others()
    broker = open_job_broker(load_settings())
    if broker is None:
        raise ConfigError("VOXGATE_BROKER_URL", ["not set: `voxgate campaign work` needs none"])
    worker = CampaignWorker(tools=tools(Path(root), hand_name()))
    queue = CeleryTurnQueue(make_campaign_app(broker))
    take = partial(answer_message, worker, queue, most_waiting=int(most_waiting))
    app = make_campaign_app(broker, take=take)
    threading.Thread(target=_end_with_input, daemon=True).start()
    name = f"campaigns-{os.getpid()}@%h"
    words = ["worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle", "-n", name]
    app.worker_main([*words, "--queues", CAMPAIGNS])
    return 0


def _end_with_input() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # Celery ends after the message at hand


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
