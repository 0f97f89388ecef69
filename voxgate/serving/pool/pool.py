"""Warm processes that speak, in a lane for who waits and a lane for who does not.

A lane has a number of places, each filled by one worker after the other (`places`). The real-time
lane has more places than may speak at once: whoever dies or is replaced has a warm stand-in.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Self

from voxgate.errors import DeadlineError, OverloadedError, VoxgateError
from voxgate.serving.pool.lanes import CrashRecord, LaneQueue, PendingSpeech
from voxgate.serving.pool.owners import OwnerPlace, SharedLanes
from voxgate.serving.pool.places import Place, Plan
from voxgate.serving.pool.supervision import PoolSettings, StartWorker, WorkerProcess
from voxgate.serving.ports import Readiness
from voxgate.serving.requests import Lane, SpokenSentence, Utterance

__all__ = ["WorkerPool"]


class WorkerPool:
    """Implements the port `SpeechPool`. Use as an asynchronous context manager, in one event loop.

    `warm_up` is spoken by each worker before it counts as ready. Without one, the pool has no
    workers until `follow` says what is live.
    """

    def __init__(
        self,
        settings: PoolSettings,
        *,
        warm_up: Utterance | None = None,
        start: StartWorker = WorkerProcess,
    ) -> None:
        self._settings, self._start = settings, start
        self._plan = None if warm_up is None else self._planned(warm_up)
        self._closing = False
        self._places: dict[Lane, list[Place]] = {}
        self._lanes = _lanes(settings)

    async def __aenter__(self) -> Self:
        """Start the processes; `ready` waits for them."""
        if self._plan is not None:
            self._open(self._plan)
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        await self.close()

    async def ready(self) -> None:
        """Wait until every place has a worker that has spoken."""
        for place in self._all_places():
            await place.filled.wait()

    async def speak(
        self, utterance: Utterance, *, lane: Lane, deadline_s: float | None = None, first: int = 0
    ) -> AsyncIterator[SpokenSentence]:
        """Implement SpeechPool."""
        queue = self._lanes[lane]
        self._check_open(lane)
        speech = PendingSpeech(utterance=utterance, lane=lane, place=first)
        queue.admit(speech)
        try:
            try:
                async with asyncio.timeout(deadline_s):
                    answer = await speech.answers.get()
            except TimeoutError:
                raise DeadlineError(
                    f"nothing was spoken within {deadline_s:g} s in lane {lane}; "
                    f"{queue.waiting} utterances wait"
                ) from None
            while answer is not None:
                if isinstance(answer, VoxgateError):
                    raise answer
                yield answer
                answer = await speech.answers.get()
        finally:
            queue.remove(speech)
            speech.leave()

    async def follow(self, warm_up: Utterance) -> None:
        """Replace the workers, one after the other, by ones that are warm with another utterance.

        It returns when the real-time lane is; the batch lane follows at its own pace. Nothing that
        is asked for meanwhile is lost; a worker ends what it is at first. If a new worker cannot
        speak the utterance, the old one is spoken again by those that follow. The first time, the
        pool gets its workers.

        Raises:
            TextError, VoiceError, WeightsError, WorkerLostError: a worker cannot speak it.
            OverloadedError: the pool is closing.
        """
        if self._closing:
            raise _closing()
        if self._plan is None:
            await self._begin(self._planned(warm_up))
            return
        before, self._plan.warm_up = self._plan.warm_up, warm_up
        try:
            for place in self._places[Lane.REAL_TIME]:
                await place.replace()
        except VoxgateError:
            self._plan.warm_up = before
            raise
        for place in self._places[Lane.BATCH]:
            if place not in self._places[Lane.REAL_TIME]:
                place.renew()

    def readiness(self) -> Readiness:
        """Implement SpeechPool."""
        lanes: dict[str, dict[str, Any]] = {}
        degraded: list[str] = []
        for lane, queue in self._lanes.items():
            places = self._places.get(lane, [])
            crashes = places[0].crashes if places else None
            warm = sum(place.filled.is_set() for place in places)
            lanes[lane] = {
                "workers": {
                    "places": len(places),
                    "spares": queue.spares,
                    "warm": warm,
                    "at_work": queue.at_work,
                },
                "queue_depth": queue.waiting,
                "oldest_age_s": queue.oldest_age_s,
                "service_s": queue.service_s,
                "deaths": crashes.total if crashes else 0,
                "last_death": crashes.last if crashes else None,
                "ready": bool(warm) and not (crashes and crashes.looping),
            }
            if not lanes[lane]["ready"] or warm < len(places):
                degraded.append(f"{lane}: {warm} of {len(places)} workers are warm")
        return Readiness(
            ready=lanes[Lane.REAL_TIME]["ready"], degraded=tuple(degraded), lanes=lanes
        )

    def pids(self) -> dict[Lane, list[int]]:
        """Return the process ids of the workers that are warm."""
        return {
            lane: [place.worker.ready.pid for place in places if place.worker is not None]
            for lane, places in self._places.items()
        }

    async def close(self) -> None:
        """Send everybody away and end all processes; return once they have ended."""
        self._closing = True
        gone = _closing()
        for queue in self._lanes.values():
            queue.clear(gone)
        await asyncio.gather(*(place.close(gone) for place in self._all_places()))
        for queue in self._lanes.values():
            queue.clear(gone)  # what a worker had just been offered

    def _planned(self, warm_up: Utterance) -> Plan:
        return Plan(settings=self._settings, warm_up=warm_up, start=self._start)

    def _open(self, plan: Plan) -> None:
        loop = asyncio.get_running_loop()
        if self._settings.devices:
            shared = SharedLanes(list(self._lanes.values()))
            crashes = CrashRecord(clock=loop.time)
            owners: list[Place] = [
                OwnerPlace(plan, shared, crashes, device=device)
                for device in self._settings.devices
            ]
            self._places = dict.fromkeys(self._lanes, owners)
            return
        for lane, queue in self._lanes.items():
            crashes = CrashRecord(clock=loop.time)
            self._places[lane] = [
                Place(plan, queue, crashes) for _ in range(queue.workers + queue.spares)
            ]

    async def _begin(self, plan: Plan) -> None:
        """Open the places; none is kept where a first worker cannot speak."""
        self._plan = plan
        self._open(plan)
        try:
            await asyncio.gather(*(place.tried() for place in self._places[Lane.REAL_TIME]))
        except VoxgateError as error:
            places, self._plan, self._places = self._all_places(), None, {}
            await asyncio.gather(*(place.close(error) for place in places))
            raise

    def _all_places(self) -> list[Place]:
        # Owners of devices are in both lanes.
        return list(dict.fromkeys(place for own in self._places.values() for place in own))

    def _check_open(self, lane: Lane) -> None:
        places = self._places.get(lane)
        if self._closing or not places:
            raise OverloadedError("no worker of the speech pool is warm yet", retry_after_s=1.0)
        crashes = places[0].crashes
        if crashes.looping and not any(place.filled.is_set() for place in places):
            raise OverloadedError(
                f"the workers of lane {lane} die at once ({crashes.last})",
                retry_after_s=max(1.0, crashes.delay_s),
            )


def _closing() -> OverloadedError:
    return OverloadedError("the speech pool is closing", retry_after_s=1.0)


def _lanes(settings: PoolSettings) -> dict[Lane, LaneQueue]:
    """Return the queues of a pool; those of devices share their workers."""
    owners = len(settings.devices)
    free: deque[asyncio.Future[PendingSpeech]] = deque()
    return {
        lane: LaneQueue(
            lane=lane,
            workers=owners or workers,
            spares=0 if owners else spares,
            limit=limit,
            max_deliveries=settings.max_deliveries,
            free=free if owners else deque(),
        )
        for lane, workers, spares, limit in (
            (
                Lane.REAL_TIME,
                settings.real_time_workers,
                settings.spares,
                settings.real_time_waiting,
            ),
            (Lane.BATCH, settings.batch_workers, 0, settings.batch_waiting),
        )
    }
