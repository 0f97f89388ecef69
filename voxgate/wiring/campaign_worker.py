"""Work at whatever campaign is under way, with processes of this machine.

Without a broker hands take turns; with one, workers of Celery do the same for each message, and
this process looks after them and asks for turns where too few are asked for. Either way the rows
decide, so that any number of machines with one database and one store of files may do this.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from voxgate.campaigns.work.looping import Shift, pause_after
from voxgate.campaigns.work.passing import MESSAGES_A_WORKER, top_up
from voxgate.campaigns.work.tending import end_done, expire_late
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.errors import ExternalServiceError, LedgerError
from voxgate.module_process import start_module
from voxgate.wiring.campaign_hands import HAND, CampaignHand

__all__ = ["MESSENGER", "Workplace", "ending_softly", "serve_messages", "take_turns"]

MESSENGER = "voxgate.wiring.campaign_messenger"
_MOST_FAILURES = 5
"""So many times in a row a hand may fail before a run that ends by itself ends with that."""

_LIVED_S = 60.0
"""A worker that lived so long and died is started again at once."""

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Who works in which checkout.

    `tools` are of this process, which takes no turn itself: it ends what nobody ended. `tell` tells
    people what came of campaigns, every `every_s` and at the end. Once `stop` is set the turns at
    hand end, and no other begins. `hand` and `messenger` are the modules that run in processes.
    """

    root: Path
    tools: CampaignTools
    workers: int
    stop: threading.Event
    tell: Callable[[], object]
    every_s: float = 5.0
    hand: str = HAND
    messenger: str = MESSENGER

    def look_after(self, *others: Callable[[], object]) -> None:
        """Do what no turn does; a database or broker that is away is asked again next time."""
        own: list[Callable[[], object]]
        own = [partial(expire_late, self.tools), partial(end_done, self.tools)]
        for act in (*own, *others, self.tell):
            try:
                act()
            except (ExternalServiceError, LedgerError) as error:
                _LOGGER.warning("campaigns were not looked after: %s", error)


def take_turns(place: Workplace, *, follow: bool, idle_s: float = 1.0) -> None:
    """Let hands take turns until no campaign has anything open; with `follow` until told to stop.

    Raises:
        VoxgateError: without `follow`, a hand failed again and again.
    """
    shift = Shift(
        goes_on=lambda: end_done(place.tools) or follow,
        stop=place.stop,
        idle_s=idle_s,
        most_failures=None if follow else _MOST_FAILURES,
    )
    over = threading.Event()

    def look_after() -> None:
        while not over.wait(place.every_s):
            place.look_after()

    beside = threading.Thread(target=look_after, daemon=True)
    beside.start()
    try:
        with ExitStack() as stack:
            store = place.tools.store
            hands = [
                CampaignHand(place.root, store, program=place.hand) for _ in range(place.workers)
            ]
            for hand in hands:
                stack.callback(hand.close)
            shift.work(hands)
    finally:
        over.set()
        beside.join()
        place.look_after()


def serve_messages(place: Workplace, broker: str) -> None:
    """Keep workers of Celery alive and in work until told to stop; turns at hand come to an end.

    A worker that dies is started again, later each time. Messages that are missing are sent.
    """
    from voxgate.adapters.queue.campaign_queue import CeleryTurnQueue, make_campaign_app

    most_waiting = MESSAGES_A_WORKER * place.workers
    queue = CeleryTurnQueue(make_campaign_app(broker))
    ask = partial(top_up, place.tools.store, queue, most_waiting=most_waiting)
    words = (place.messenger, str(place.root), str(most_waiting))
    messengers = [_Messenger(words=words) for _ in range(place.workers)]
    try:
        while not place.stop.is_set():
            for messenger in messengers:
                messenger.keep_alive()
            place.look_after(ask)
            place.stop.wait(place.every_s)
        for messenger in messengers:
            messenger.release()
        for messenger in messengers:
            messenger.wait()
    finally:
        for messenger in messengers:
            messenger.kill()
        place.look_after()


@dataclass(kw_only=True)
class _Messenger:
    """A worker of Celery, started again when it dies."""

    words: tuple[str, ...]
    _process: subprocess.Popen[Any] | None = None
    _began_s: float = 0.0
    _not_before_s: float = 0.0
    _deaths: int = 0

    def keep_alive(self) -> None:
        """Start it where it does not run, unless it died too often to be tried now."""
        now_s = time.monotonic()
        if self._process is not None and (status := self._process.poll()) is not None:
            self.kill()
            self._deaths = 1 if now_s - self._began_s > _LIVED_S else self._deaths + 1
            pause_s = pause_after(self._deaths)
            self._not_before_s = now_s + pause_s
            _LOGGER.warning("a worker died (exit status %d): next in %g s", status, pause_s)
        if self._process is None and now_s >= self._not_before_s:
            self._began_s = now_s
            self._process = start_module(*self.words, stdin=subprocess.PIPE)

    def release(self) -> None:
        """Let it end after the turn at hand."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def wait(self) -> None:
        """Wait until it has ended."""
        if self._process is not None:
            self._process.wait()

    def kill(self) -> None:
        """End it, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


@contextmanager
def ending_softly(tell: Callable[[], None]) -> Iterator[threading.Event]:
    """Yield what the first SIGTERM or SIGINT sets; a second one does what it did before.

    `tell` is called at the first. Only the main thread may do this.
    """
    stop = threading.Event()
    before: dict[signal.Signals, Any] = {}

    def end(*_: object) -> None:
        restore()
        stop.set()
        tell()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, end)
    try:
        yield stop
    finally:
        restore()
