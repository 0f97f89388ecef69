from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from voxgate.errors import VoiceError, WorkerLostError
from voxgate.serving.desk.flights import Flights, Listener


class Work:
    """Gives 0, 1, 2 as it is let; says how it ended."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.allowed = asyncio.Semaphore(0)
        self.fails_at = fails_at
        self.ended = ""

    async def items(self) -> AsyncIterator[int]:
        self.ended = "left"
        for item in range(3):
            await self.allowed.acquire()
            if item == self.fails_at:
                self.ended = "failed"
                raise VoiceError("no audio came out")
            yield item
        self.ended = "whole"

    def let(self, count: int) -> None:
        for _ in range(count):
            self.allowed.release()


async def everything(listener: Listener[int]) -> list[int]:
    return [item async for item in listener]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_who_joins_late_gets_what_is_there_first() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work()
        first = flights.start("a", work.items())
        work.let(2)
        assert [await anext(first), await anext(first)] == [0, 1]
        late = flights.join("a")
        assert late is not None
        assert [await anext(late), await anext(late)] == [0, 1]
        work.let(1)
        assert await asyncio.gather(everything(first), everything(late)) == [[2], [2]]
        assert (work.ended, len(flights)) == ("whole", 0)

    asyncio.run(scene())


def test_keys_do_not_meet_and_one_that_flies_is_not_started_again() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work()
        flights.start("a", work.items())
        assert flights.join("b") is None
        with pytest.raises(ValueError, match="join it"):
            flights.start("a", work.items())
        await flights.close()

    asyncio.run(scene())


def test_a_flight_goes_on_when_its_first_caller_leaves() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work()
        first = flights.start("a", work.items())
        second = flights.join("a")
        assert second is not None
        first.leave()
        first.leave()
        work.let(3)
        assert await everything(second) == [0, 1, 2]

    asyncio.run(scene())


def test_a_flight_ends_with_its_last_listener_and_nobody_joins_it_then() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work()
        first = flights.start("a", work.items())
        second = flights.join("a")
        assert second is not None
        work.let(1)
        assert await anext(second) == 0
        first.leave()
        await settle()
        assert len(flights) == 1
        second.leave()
        assert flights.join("a") is None
        await settle()
        assert work.ended == "left"
        again = flights.start("a", Work().items())
        assert len(flights) == 1  # the end of the one before has not taken the new one away
        again.leave()

    asyncio.run(scene())


def test_the_work_is_told_that_it_was_left() -> None:
    async def scene() -> None:
        closed: list[str] = []

        async def items() -> AsyncIterator[int]:
            try:
                yield 0
                await asyncio.Event().wait()
            finally:
                closed.append("closed")

        listener = Flights[int]().start("a", items())
        assert await anext(listener) == 0
        listener.leave()
        await settle()
        assert closed == ["closed"]

    asyncio.run(scene())


def test_a_failure_reaches_all_who_listen_after_what_was_made_and_nobody_later() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work(fails_at=1)
        listeners = [flights.start("a", work.items())]
        for _ in range(3):
            joined = flights.join("a")
            assert joined is not None
            listeners.append(joined)
        work.let(2)
        for listener in listeners:
            assert await anext(listener) == 0
            with pytest.raises(VoiceError, match="no audio"):
                await anext(listener)
        depths = []
        for listener in listeners:
            with pytest.raises(VoiceError) as caught:
                await anext(listener)
            depths.append(len(caught.traceback))
        assert len(set(depths)) == 1  # one error for all does not grow with each
        assert flights.join("a") is None

    asyncio.run(scene())


def test_a_service_that_stops_tells_who_listens() -> None:
    async def scene() -> None:
        flights, work = Flights[int](), Work()
        listener = flights.start("a", work.items())
        waiting = asyncio.create_task(everything(listener))
        await settle()
        await flights.close()
        with pytest.raises(WorkerLostError, match="stopped while it spoke"):
            await waiting
        assert (work.ended, len(flights)) == ("left", 0)

    asyncio.run(scene())
