"""One lane: who waits in it, who may be served, how long that takes, and how often workers die.

Everything here runs in one event loop and never waits itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from voxgate.errors import OverloadedError, VoxgateError, WorkerLostError
from voxgate.serving.requests import Lane, SpokenSentence, Utterance

__all__ = ["CrashRecord", "LaneQueue", "PendingSpeech"]

_SHARE_OF_NEWEST = 0.2
"""Weight of the newest service in the mean that forecasts the next one."""

_WINDOW_S = 60.0
_FORGOTTEN_S = 600.0
_LOOP = 3
_FIRST_DELAY_S, _LONGEST_DELAY_S = 1.0, 60.0


@dataclass
class PendingSpeech:
    """An utterance that somebody waits for, and what was said of it so far."""

    utterance: Utterance
    lane: Lane
    place: int
    """The next sentence that is wanted; all before it are in `answers`."""

    answers: asyncio.Queue[SpokenSentence | VoxgateError | None] = field(
        default_factory=asyncio.Queue
    )
    """None ends it, an error too. It holds no more than the text gives."""

    lost: int = 0
    """Workers that died since the last sentence."""

    tried_again: bool = False
    """Whether a device ran out of memory at it before; a second time ends it."""

    since_s: float = field(default_factory=time.monotonic)

    wanted: bool = True
    stop: Callable[[], None] | None = None
    """Ends the work at the next sentence, while a worker is at it."""

    def hand_out(self, sentence: SpokenSentence) -> None:
        """Pass a sentence on."""
        self.place = sentence.place + 1
        self.lost = 0
        self.answers.put_nowait(sentence)

    def end(self, error: VoxgateError | None = None) -> None:
        """Say that nothing more comes, and why."""
        self.answers.put_nowait(error)

    def leave(self) -> None:
        """Stop waiting for it."""
        self.wanted = False
        if self.stop is not None:
            self.stop()


@dataclass
class LaneQueue:
    """First come, first served, by at most `workers` at a time; at most `limit` wait."""

    lane: Lane
    workers: int
    spares: int
    limit: int
    max_deliveries: int
    service_s: float = 1.0
    """Mean time of a service: as the warm-ups took, then as the requests do."""

    served: int = 0
    at_work: int = 0
    free: deque[asyncio.Future[PendingSpeech]] = field(default_factory=deque)
    """Offers of workers; lanes whose workers are the same have one."""

    _waiting: deque[PendingSpeech] = field(default_factory=deque)

    @property
    def waiting(self) -> int:
        """Number of utterances that no worker has begun."""
        return len(self._waiting)

    @property
    def oldest_age_s(self) -> float:
        """How long the first in the queue has waited."""
        if not self._waiting:
            return 0.0
        return time.monotonic() - self._waiting[0].since_s

    @property
    def has_stand_in(self) -> bool:
        """Whether a worker may go: another is free, or the lane was never to have one."""
        return not self.spares or bool(self.free)

    @property
    def retry_after_s(self) -> float:
        """When a place in the queue should be free, in seconds from now."""
        return max(0.1, self.service_s * (len(self._waiting) + self.at_work) / self.workers)

    def admit(self, speech: PendingSpeech) -> None:
        """Put an utterance at the end of the queue.

        Raises:
            OverloadedError: the queue is full.
        """
        # whom a free worker can take at once does not wait
        free = min(len(self.free), self.workers - self.at_work)
        if len(self._waiting) >= self.limit + free:
            raise OverloadedError(
                f"{len(self._waiting)} utterances wait in lane {self.lane}, and no more may; try "
                f"again in {self.retry_after_s:.1f} s",
                retry_after_s=self.retry_after_s,
            )
        self._waiting.append(speech)
        self.match()

    def remove(self, speech: PendingSpeech) -> None:
        """Take out an utterance that nobody wants any more; one that is not there is no fault."""
        if speech in self._waiting:
            self._waiting.remove(speech)

    def offer(self) -> asyncio.Future[PendingSpeech]:
        """Offer a worker; the future gets what it is to say. `finish` follows each result."""
        free: asyncio.Future[PendingSpeech] = asyncio.get_running_loop().create_future()
        self.free.append(free)
        self.match()
        return free

    def withdraw(self, offer: asyncio.Future[PendingSpeech]) -> None:
        """Take an offer back; what came of it meanwhile is first in the queue again."""
        if offer.done():
            self._waiting.appendleft(offer.result())
            self.finish()
        else:
            self.free.remove(offer)

    def finish(self, took_s: float | None = None) -> None:
        """Say that a worker has left its utterance; `took_s` if it said all of it."""
        self.at_work -= 1
        if took_s is not None:
            self.served += 1
            self.service_s += _SHARE_OF_NEWEST * (took_s - self.service_s)
        self.match()

    def put_back(self, speech: PendingSpeech, *, why: str) -> None:
        """Let another worker go on with what one died of, unless too many have."""
        if not speech.wanted:
            return
        speech.lost += 1
        if speech.lost >= self.max_deliveries:
            speech.end(
                WorkerLostError(
                    f"{speech.lost} workers died one after the other at sentence {speech.place} of "
                    f"an utterance ({why}); it is given up"
                )
            )
            return
        self.put_first(speech)

    def put_first(self, speech: PendingSpeech) -> None:
        """Let whoever is free next go on with it."""
        self._waiting.appendleft(speech)
        self.match()

    def of(self, speech: PendingSpeech) -> LaneQueue:
        """Return the lane of an utterance: this one."""
        assert speech.lane is self.lane
        return self

    def forecast(self, service_s: float) -> None:
        """Say how long the first services should take; what they took tells more."""
        if not self.served:
            self.service_s = service_s

    def clear(self, error: VoxgateError) -> None:
        """Send everybody away who waits."""
        while self._waiting:
            self._waiting.popleft().end(error)

    def match(self) -> None:
        """Let workers that are free take who waits."""
        while self._waiting and self.free and self.at_work < self.workers:
            self.at_work += 1
            self.free.popleft().set_result(self._waiting.popleft())


@dataclass
class CrashRecord:
    """Deaths of a lane's workers since one of them last finished something. `clock` in seconds."""

    clock: Callable[[], float]
    total: int = 0
    last: str | None = None
    """What is known of the last death."""

    _deaths: list[float] = field(default_factory=list)

    def died(self, why: str) -> None:
        """Note a death."""
        self.total += 1
        self.last = why
        now = self.clock()
        if self._deaths and now - self._deaths[-1] > _FORGOTTEN_S:
            self._deaths.clear()
        self._deaths.append(now)

    def worked(self) -> None:
        """Note that a worker finished something: those before it did not die of a loop."""
        self._deaths.clear()

    @property
    def looping(self) -> bool:
        """Whether workers die and die: three in a minute, with nothing finished between."""
        return len(self._recent()) >= _LOOP

    @property
    def delay_s(self) -> float:
        """How long to wait before the next start: the first is at once, then 1, 2, 4 ... 60 s."""
        before = len(self._deaths) - 2
        return 0.0 if before < 0 else min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0**before)

    def _recent(self) -> list[float]:
        now = self.clock()
        return [then for then in self._deaths if now - then <= _WINDOW_S]
