"""A process that takes turns at campaigns: `python -m voxgate.wiring.campaign_hand ROOT PIPE`.

It is started by `campaign_hands`, with one thread for all that computes, and leaves the processor
to whoever else wants it. It says first by what name it takes work. Over the pipe comes a campaign's
id, or null for any; the answer is the turn, null where nothing was due, or the error.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

from voxgate.campaigns.work.tools import CampaignTools
from voxgate.campaigns.work.turns import CampaignWorker
from voxgate.errors import VoxgateError
from voxgate.module_process import tell_error
from voxgate.politeness import leave_the_processor_to_others

__all__ = ["OpenTools", "hand_name", "main", "open_tools"]


OpenTools = Callable[[Path, str], CampaignTools]
"""Gives the tools of a checkout to a worker of this name."""


def open_tools(root: Path, worker: str) -> CampaignTools:
    """Open what a worker takes turns with; see `build_campaign_tools`."""
    from voxgate.wiring.campaigns import build_campaign_tools
    from voxgate.wiring.checkout import Checkout

    return build_campaign_tools(Checkout.open(root), worker=worker)


def main(root: str, pipe: str, *, tools: OpenTools = open_tools) -> int:
    """Take turns until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says what that means
    leave_the_processor_to_others()
    connection = Connection(int(pipe))
    name = hand_name()
    try:
        worker = CampaignWorker(tools=tools(Path(root), name))
    except VoxgateError as error:
        connection.send_bytes(json.dumps(tell_error(error)).encode())
        return 1
    connection.send_bytes(json.dumps({"worker": name}).encode())
    with suppress(EOFError, OSError):
        while True:
            wanted = json.loads(connection.recv_bytes())
            connection.send_bytes(json.dumps(_turn(worker, wanted["campaign"])).encode())
    return 0


def hand_name() -> str:
    """Name this process as one that takes work: what it holds is given back by this name alone.

    Containers may have host names and process ids alike, so there is chance in it.
    """
    return f"hand-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _turn(worker: CampaignWorker, campaign_id: str | None) -> dict[str, object]:
    try:
        turn = worker.take_turn(campaign_id)
    except VoxgateError as error:
        return tell_error(error)
    return {"turn": None if turn is None else asdict(turn)}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
