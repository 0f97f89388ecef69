"""Turns that are asked for by messages, where a broker spreads them over many machines.

A message says no more than: somebody may take a turn. Whose turn it is the rows say, so that shares
are kept, and a message that is lost, comes twice or is of yesterday changes nothing. A turn that
did something asks for the next; who looks after the workers asks for some where too few wait.
"""

from __future__ import annotations

import logging
from itertools import cycle, islice
from typing import Protocol

from voxgate.campaigns.ports import CampaignStore
from voxgate.campaigns.records import UNDER_WAY
from voxgate.campaigns.work.looping import TurnTaker
from voxgate.campaigns.work.turns import Turn
from voxgate.errors import ExternalServiceError

__all__ = ["MESSAGES_A_WORKER", "TurnQueue", "answer_message", "top_up"]

MESSAGES_A_WORKER = 2
"""So many may wait: no worker is ever without, and the queue never holds a campaign's sentences."""

_LOGGER = logging.getLogger(__name__)


class TurnQueue(Protocol):
    """Messages that ask for turns.

    Both methods raise ExternalServiceError where the broker cannot be reached.
    """

    def send(self, campaign_id: str) -> None:
        """Ask for a turn because of this campaign."""
        ...

    def waiting(self) -> int:
        """Return how many messages nobody took yet."""
        ...


def answer_message(hand: TurnTaker, queue: TurnQueue, *, most_waiting: int) -> Turn | None:
    """Take a turn, and ask for the next if there was something to do.

    Raises:
        VoxgateError: as the turn; nobody is asked then.
    """
    turn = hand.take_turn()
    if turn is not None:
        try:
            if queue.waiting() < most_waiting:
                queue.send(turn.campaign)
        except ExternalServiceError as error:
            _LOGGER.warning("no next turn was asked for: %s", error)
    return turn


def top_up(store: CampaignStore, queue: TurnQueue, *, most_waiting: int) -> int:
    """Ask for turns until `most_waiting` messages wait, while there is open work; returns how many.

    This begins a campaign, and begins it again where messages were lost: a broker that was flushed,
    a worker that was killed. A message too many finds nothing due, and asks for no other.

    Raises:
        ExternalServiceError, LedgerError: broker or database cannot be used.
    """
    under_way = [one.id for one in store.campaigns() if one.state in UNDER_WAY]
    open_ones = [campaign_id for campaign_id in under_way if store.has_open_work(campaign_id)]
    if not open_ones:
        return 0
    missing = max(0, most_waiting - queue.waiting())
    for campaign_id in islice(cycle(open_ones), missing):
        queue.send(campaign_id)
    return missing
