"""Hands that take turns at whatever campaign is under way, until nothing is due or they may go.

A hand is a process that does one turn at a time (`wiring/campaign_hands`), and each has a thread
that waits for it. One that died, or found a database or a store away, pauses before its next turn,
longer each time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from voxgate.campaigns.records import WORTH_A_REPORT
from voxgate.campaigns.work.turns import Turn
from voxgate.errors import VoxgateError

__all__ = ["Hand", "Shift", "TurnTaker", "at_work", "pause_after"]

LONGEST_PAUSE_S = 60.0
_LOGGER = logging.getLogger(__name__)


class TurnTaker(Protocol):
    """Does one claim's work at a time; used by one thread."""

    def take_turn(self) -> Turn | None:
        """Do a turn; None where nothing is due.

        Raises:
            VoxgateError: as `CampaignWorker.take_turn`, or the hand died.
        """
        ...


class Hand(TurnTaker, Protocol):
    """One that is a process of its own."""

    def end(self) -> None:
        """Let its process end, whatever it is at; from any thread."""
        ...

    def close(self) -> str:
        """End its process and wait for that; its next turn starts another."""
        ...


@dataclass(kw_only=True)
class Shift:
    """What hands do side by side.

    `goes_on` is asked when nothing is due: False ends the shift; it may be called by any hand.
    `has_work` is asked before a turn: False starts no process for it. `ended` is told of a campaign
    at whose end a hand was. `most_failures` in a row of one hand end the shift too, with the last
    error; None is never. While nothing is due a hand waits for `idle_s`, twice as long each time up
    to `longest_idle_s`; after `idle_turns` of these it is closed, as each holds a voice and its
    ears. Whoever sets `stop` lets the turns at hand end, and no other begins.
    """

    goes_on: Callable[[], bool]
    has_work: Callable[[], bool] = lambda: True
    ended: Callable[[str], None] = lambda _campaign_id: None
    stop: threading.Event = field(default_factory=threading.Event)
    idle_s: float = 1.0
    longest_idle_s: float = 1.0
    idle_turns: int | None = None
    most_failures: int | None = None
    _error: VoxgateError | None = None

    def work(self, hands: Sequence[Hand]) -> None:
        """Take turns until there is nothing to do any more.

        Raises:
            VoxgateError: a hand failed `most_failures` times in a row.
        """
        threads = [threading.Thread(target=self._take_turns, args=(hand,)) for hand in hands]
        for thread in threads:
            thread.daemon = True  # a second signal does not wait for them
            thread.start()
        for thread in threads:
            thread.join()
        if self._error is not None:
            raise self._error

    def _take_turns(self, hand: Hand) -> None:
        failures = idle = 0
        while not self.stop.is_set():
            try:
                turn = hand.take_turn() if self.has_work() else None
                if turn is None and not self.goes_on():
                    return
            except VoxgateError as error:
                if self.stop.is_set():
                    return
                failures, idle = failures + 1, 0
                _LOGGER.warning("%s: %s", type(error).__name__, error)
                if failures == self.most_failures:
                    self._error = error
                    self.stop.set()
                self.stop.wait(pause_after(failures))
                continue
            failures = 0
            if turn is not None:
                idle = 0
                self._tell(turn)
                continue
            idle += 1
            if idle == self.idle_turns:
                hand.close()
            self.stop.wait(min(self.longest_idle_s, self.idle_s * 2.0 ** min(idle - 1, 10)))

    def _tell(self, turn: Turn) -> None:
        if turn.state not in WORTH_A_REPORT:
            return
        try:
            self.ended(turn.campaign)
        except VoxgateError as error:
            _LOGGER.warning("campaign %s: no report was written: %s", turn.campaign, error)


@contextmanager
def at_work(shift: Shift, hands: Sequence[Hand]) -> Iterator[None]:
    """Let hands work until the context is left; they are ended then, whatever they are at.

    What they had claimed is claimed again when its lease is over.
    """
    working = threading.Thread(target=shift.work, args=(hands,), daemon=True)
    working.start()
    try:
        yield
    finally:
        shift.stop.set()
        while working.is_alive():
            for hand in hands:
                hand.end()  # again, as one may just have been started
            working.join(0.5)
        for hand in hands:
            hand.close()


def pause_after(failures: int) -> float:
    """Return how many seconds to wait after so many failures in a row: doubled each time.

    >>> [pause_after(n) for n in (1, 2, 3, 99)]
    [1.0, 2.0, 4.0, 60.0]
    """
    return min(LONGEST_PAUSE_S, 2.0 ** min(failures - 1, 10))
