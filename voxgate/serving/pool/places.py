"""A place of a lane: a task that fills it with one worker after the other, and lets them work."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from voxgate.errors import OverloadedError, VoxgateError, WorkerLostError
from voxgate.serving.pool.lanes import CrashRecord, LaneQueue, PendingSpeech
from voxgate.serving.pool.protocol import Failed, Ready, Sentence, Setup
from voxgate.serving.pool.supervision import (
    PoolSettings,
    StartWorker,
    Worker,
    WorkerLink,
    open_worker,
)
from voxgate.serving.requests import Lane, Utterance

__all__ = ["Place", "Plan", "Served"]

_LOG = logging.getLogger(__name__)


@dataclass
class Plan:
    """How the workers of a pool are started; `warm_up` changes with what is live."""

    settings: PoolSettings
    warm_up: Utterance
    start: StartWorker


class Served(Protocol):
    """What a place serves: a lane, or several with the same workers."""

    @property
    def lane(self) -> Lane:
        """The lane, or the one that goes first."""
        ...

    @property
    def has_stand_in(self) -> bool:
        """Whether a worker may go."""
        ...

    def of(self, speech: PendingSpeech) -> LaneQueue:
        """Return the lane of an utterance."""
        ...

    def offer(self) -> asyncio.Future[PendingSpeech]:
        """Offer a worker."""
        ...

    def withdraw(self, offer: asyncio.Future[PendingSpeech]) -> None:
        """Take an offer back."""
        ...

    def forecast(self, service_s: float) -> None:
        """Say how long the first services should take."""
        ...


class Place:
    """Where a worker of a lane is; belongs to one event loop."""

    def __init__(self, plan: Plan, queue: Served, crashes: CrashRecord) -> None:
        self._plan = plan
        self._queue = queue
        self.crashes = crashes
        self.worker: Worker | None = None
        self.filled = asyncio.Event()
        """Whether its worker has spoken the warm-up, and lives."""

        self._leaving = asyncio.Event()
        self._tried: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tried.add_done_callback(_look_at)
        self._task = asyncio.create_task(self._keep_filled())

    async def tried(self) -> None:
        """Wait until a worker was started here for the first time, or could not be.

        Raises:
            TextError, VoiceError, WeightsError, WorkerLostError: it cannot speak.
        """
        await self._tried

    async def replace(self) -> None:
        """Let the worker go once it has nothing to say, and wait for the next one.

        Raises:
            TextError, VoiceError, WeightsError, WorkerLostError: the next one cannot speak.
        """
        self._tried = asyncio.get_running_loop().create_future()
        self._leaving.set()
        await self._tried

    def renew(self) -> None:
        """Let the worker go once it has nothing to say, and wait for nobody."""
        self._leaving.set()

    async def close(self, error: VoxgateError) -> None:
        """End the worker; who waits for a replacement gets `error`."""
        self._task.cancel()
        await asyncio.wait({self._task})
        self._tell(self._tried, error)
        if not self._task.cancelled():
            self._task.result()  # a fault of this module would be seen here at the latest

    async def _keep_filled(self) -> None:
        while True:
            await asyncio.sleep(self.crashes.delay_s)
            self._leaving.clear()
            tried = self._tried
            try:
                self.worker = worker = await self._open()
            except VoxgateError as error:
                self._note_death(f"at its start: {error}")
                self._tell(tried, error)
                continue
            try:
                self.filled.set()
                self._tell(tried, None)
                lives = await self._let_work(worker)
            finally:
                self.filled.clear()
                self.worker = None
                how = await worker.close()
            if lives:
                _LOG.info("worker %d of lane %s is replaced", worker.ready.pid, self._queue.lane)
            else:
                self._note_death(how)

    async def _open(self) -> Worker:
        settings = self._plan.settings
        setup = Setup(
            loader=settings.loader,
            warm_up=self._plan.warm_up,
            voices=settings.voices,
            polite=self._queue.lane is Lane.BATCH,
            root=settings.root,
        )
        worker = await open_worker(self._start, setup, within_s=settings.start_s)
        self._queue.forecast(worker.ready.warm_up_s)
        return worker

    def _start(self) -> WorkerLink:
        return self._plan.start()

    async def _let_work(self, worker: Worker) -> bool:
        """Let a worker speak until it should be replaced; return whether it lives."""
        leaving = asyncio.ensure_future(self._leaving.wait())
        try:
            while True:
                offer = self._queue.offer()
                try:
                    events: set[asyncio.Future[Any]] = {offer, worker.gone, leaving}
                    await asyncio.wait(events, return_when=asyncio.FIRST_COMPLETED)
                except asyncio.CancelledError:
                    self._queue.withdraw(offer)
                    raise
                if worker.gone.done() or leaving.done():
                    self._queue.withdraw(offer)
                    return not worker.gone.done()
                if not await self._serve(worker, offer.result()):
                    return False
                if self._worn(worker) and self._queue.has_stand_in:
                    return True
        finally:
            leaving.cancel()

    async def _serve(self, worker: Worker, speech: PendingSpeech) -> bool:
        """Let a worker say one utterance; return whether it lives."""
        began, took_s = asyncio.get_running_loop().time(), None
        try:
            if not speech.wanted:  # they left in the moment in which it was offered
                return True
            order = worker.speak(speech.utterance, first=speech.place)
            speech.stop = partial(worker.cancel, order)
            while isinstance(
                message := await worker.next(within_s=self._plan.settings.stall_s), Sentence
            ):
                speech.hand_out(message.spoken)
            assert not isinstance(message, Ready)
            worker.orders += 1
            worker.rss_bytes = message.rss_bytes
            self.crashes.worked()
            if isinstance(message, Failed):
                self._failed(worker, speech, message.exception())
            else:
                speech.end()
                took_s = asyncio.get_running_loop().time() - began if speech.wanted else None
        except WorkerLostError as error:
            self._queue.of(speech).put_back(speech, why=str(error))
            return False
        except asyncio.CancelledError:
            speech.end(OverloadedError("the speech pool is closing", retry_after_s=1.0))
            raise
        else:
            return True
        finally:
            speech.stop = None
            self._queue.of(speech).finish(took_s)

    def _failed(
        self,
        worker: Worker,  # noqa: ARG002  # for places whose worker may have to go
        speech: PendingSpeech,
        error: VoxgateError,
    ) -> None:
        """End an utterance that a worker could not say."""
        speech.end(error)

    def _worn(self, worker: Worker) -> bool:
        settings = self._plan.settings
        growth_bytes = worker.rss_bytes - worker.ready.rss_bytes
        return worker.orders >= settings.max_orders or growth_bytes > settings.max_growth_bytes

    def _note_death(self, why: str) -> None:
        self.crashes.died(why)
        _LOG.warning("a worker of lane %s died: %s", self._queue.lane, why)

    @staticmethod
    def _tell(tried: asyncio.Future[None], error: VoxgateError | None) -> None:
        if tried.done():
            return
        if error is None:
            tried.set_result(None)
        else:
            tried.set_exception(error)


def _look_at(tried: asyncio.Future[None]) -> None:
    """Take note of a result that perhaps nobody waits for."""
    if not tried.cancelled():
        tried.exception()
