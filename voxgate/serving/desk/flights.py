"""Single flight: what is being made already is not made a second time.

A flight belongs to the server and not to the caller who caused it. It goes on while anybody
listens, whoever left first; with the last listener it ends. Whoever joins late gets what is there
already first. A failure reaches everybody who listens and nobody who comes after.

Everything here runs in one event loop, and between two awaits nobody else does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Generic, TypeVar

from voxgate.errors import WorkerLostError

__all__ = ["Flights", "Listener"]

T = TypeVar("T")


class _Flight(Generic[T]):
    """One piece of work, what it has given so far, and how many wait for more."""

    def __init__(self, made: AsyncIterator[T]) -> None:
        self.items: list[T] = []
        self.listeners = 0
        self.ended = False
        self._made = made
        self._error: BaseException | None = None
        self._traceback: TracebackType | None = None
        self._changed = asyncio.Event()
        self.task = asyncio.create_task(self._run())
        self.task.add_done_callback(self._end)

    async def change(self) -> None:
        """Wait for the next item, or the end."""
        await self._changed.wait()

    def raise_failure(self) -> None:
        """Raise what ended the flight, if anything did."""
        if self._error is not None:
            # One error for many listeners: each begins with the flight's own traceback.
            raise self._error.with_traceback(self._traceback)

    async def _run(self) -> None:
        try:
            async for item in self._made:
                self.items.append(item)
                self._tell()
        finally:
            # A loop that is left does not end what it went through; only this does.
            leave = getattr(self._made, "aclose", None)
            if leave is not None:
                await leave()

    def _end(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            self._error = WorkerLostError("the service stopped while it spoke; ask again")
        else:
            self._error = task.exception()
            self._traceback = None if self._error is None else self._error.__traceback__
        self.ended = True
        self._tell()

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()


class Listener(Generic[T]):
    """One caller's place at a flight: iterates over all of its items from the first on.

    Whoever stops before the end calls `leave`.
    """

    def __init__(self, flight: _Flight[T], left: Callable[[], None]) -> None:
        self._flight = flight
        self._left: Callable[[], None] | None = left
        self._at = 0
        flight.listeners += 1

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        """Return the next item.

        Raises:
            WorkerLostError: the service stopped.
            Exception: whatever the work failed with.
        """
        while self._at == len(self._flight.items):
            if self._flight.ended:
                self._flight.raise_failure()
                raise StopAsyncIteration
            await self._flight.change()
        self._at += 1
        return self._flight.items[self._at - 1]

    def leave(self) -> None:
        """Listen no more; twice is the same as once."""
        if self._left is not None:
            left, self._left = self._left, None
            self._flight.listeners -= 1
            left()


class Flights(Generic[T]):
    """The flights that are in the air, by key; of one event loop."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: str) -> Listener[T] | None:
        """Listen to the flight of this key; None where there is none."""
        flight = self._flights.get(key)
        return None if flight is None else self._listen(key, flight)

    def start(self, key: str, made: AsyncIterator[T]) -> Listener[T]:
        """Begin a flight of a key that has none, and listen to it.

        Raises:
            ValueError: there is one; `join` it.
        """
        if key in self._flights:
            raise ValueError(f"a flight of {key} is in the air; join it")
        flight = self._flights[key] = _Flight(made)
        flight.task.add_done_callback(lambda _: self._forget(key, flight))
        return self._listen(key, flight)

    async def close(self) -> None:
        """End every flight; whoever listens is told that the service stopped."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _listen(self, key: str, flight: _Flight[T]) -> Listener[T]:
        return Listener(flight, lambda: self._left(key, flight))

    def _left(self, key: str, flight: _Flight[T]) -> None:
        if flight.listeners == 0 and not flight.ended:
            self._forget(key, flight)  # now: nobody may join what is about to end
            flight.task.cancel()

    def _forget(self, key: str, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
