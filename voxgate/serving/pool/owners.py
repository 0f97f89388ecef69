"""The place of a device: its worker serves both lanes, and the next one is warm before it goes.

Real time goes first: batch work is begun only where no real-time utterance waits. A worker that
should go (another version is live, it is worn, its device ran out of memory) speaks on while the
next one warms up beside it, as nobody else could.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from voxgate.errors import VoxgateError
from voxgate.serving.pool.devices import OwnedDevice
from voxgate.serving.pool.lanes import CrashRecord, LaneQueue, PendingSpeech
from voxgate.serving.pool.memory_budget import DeviceMemoryError, OutOfDeviceMemoryError
from voxgate.serving.pool.places import Place, Plan
from voxgate.serving.pool.supervision import Worker, WorkerLink
from voxgate.serving.requests import Lane

__all__ = ["OwnerPlace", "SharedLanes"]

_LOG = logging.getLogger(__name__)


class SharedLanes:
    """Lanes with the same workers, as a place sees them; the first one goes first."""

    has_stand_in = True
    """The next worker is started beside the one that goes."""

    def __init__(self, lanes: Sequence[LaneQueue]) -> None:
        self._lanes = {queue.lane: queue for queue in lanes}
        self._first = lanes[0]
        assert all(queue.free is self._first.free for queue in lanes)

    @property
    def lane(self) -> Lane:
        """The lane that goes first."""
        return self._first.lane

    def of(self, speech: PendingSpeech) -> LaneQueue:
        """Return the lane of an utterance."""
        return self._lanes[speech.lane]

    def offer(self) -> asyncio.Future[PendingSpeech]:
        """Offer a worker to all lanes; `of(...).finish` follows each result."""
        offer = self._first.offer()
        for queue in self._lanes.values():
            queue.match()
        return offer

    def withdraw(self, offer: asyncio.Future[PendingSpeech]) -> None:
        """Take an offer back; what came of it meanwhile is first in its lane again."""
        queue = self.of(offer.result()) if offer.done() else self._first
        queue.withdraw(offer)

    def forecast(self, service_s: float) -> None:
        """Say how long the first services of each lane should take."""
        for queue in self._lanes.values():
            queue.forecast(service_s)


class OwnerPlace(Place):
    """Where the worker of a device is; belongs to one event loop."""

    def __init__(
        self, plan: Plan, queue: SharedLanes, crashes: CrashRecord, *, device: OwnedDevice
    ) -> None:
        self._device = device
        self._next: asyncio.Task[Worker] | None = None
        self._next_warm_up = plan.warm_up
        self._exhausted: Worker | None = None
        """The worker whose device ran out of memory."""

        self._again: list[PendingSpeech] = []
        """What it was at then; the next worker tries it once more."""

        super().__init__(plan, queue, crashes)

    async def close(self, error: VoxgateError) -> None:
        """End the worker, and the one that is being started; who waits gets `error`."""
        await super().close(error)
        if self._next is not None:
            self._next.cancel()
            await asyncio.wait({self._next})
            if not self._next.cancelled() and self._next.exception() is None:
                await self._next.result().close()
        for speech in self._again:
            speech.end(error)

    async def _open(self) -> Worker:
        try:
            if self._next is not None:
                # Shielded: `close` ends it, and what it has started.
                worker = await asyncio.shield(self._next)
                self._next = None
                if self._next_warm_up == self._plan.warm_up:
                    return worker
                await worker.close()  # another version has become live since
            return await super()._open()
        except VoxgateError:
            self._next = None
            raise
        finally:
            self._put_again()

    def _start(self) -> WorkerLink:
        return self._plan.start(environment=self._device.environment)

    async def _let_work(self, worker: Worker) -> bool:
        while await super()._let_work(worker):
            for_version = self._leaving.is_set()
            opening = self._start_next()
            if not await self._work_until(opening, worker):
                return False  # `_open` waits for the next one
            error = opening.exception()
            if error is None:
                return True
            self._next = None
            _LOG.warning("no next worker beside the one of lane %s: %s", self._queue.lane, error)
            if not for_version or isinstance(error, DeviceMemoryError):
                return True  # this one must go, or two do not fit: it makes room
            assert isinstance(error, VoxgateError)
            self._leaving.clear()
            self._put_again()
            self._tell(self._tried, error)
        return False

    def _start_next(self) -> asyncio.Task[Worker]:
        self._next_warm_up = self._plan.warm_up
        self._next = asyncio.create_task(super()._open())
        return self._next

    async def _work_until(self, opening: asyncio.Task[Worker], worker: Worker) -> bool:
        """Let a worker speak until the next one is warm, or cannot be; return whether it lives."""
        opening.add_done_callback(self._may_leave)
        try:
            while not opening.done():
                self._leaving.clear()
                if not await super()._let_work(worker):
                    return False
        finally:
            opening.remove_done_callback(self._may_leave)
        return True

    def _may_leave(self, _: object) -> None:
        self._leaving.set()

    def _failed(self, worker: Worker, speech: PendingSpeech, error: VoxgateError) -> None:
        if isinstance(error, OutOfDeviceMemoryError):
            self._exhausted = worker
            if not speech.tried_again:
                speech.tried_again = True
                self._again.append(speech)
                return
        super()._failed(worker, speech, error)

    def _worn(self, worker: Worker) -> bool:
        return worker is self._exhausted or super()._worn(worker)

    def _put_again(self) -> None:
        for speech in reversed(self._again):
            if speech.wanted:
                self._queue.of(speech).put_first(speech)
        self._again.clear()
