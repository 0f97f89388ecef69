"""What runs beside a queue: an event loop that outlives the messages, and the sweeper.

A Celery task is a plain function, and a voice that is warm lives in an event loop. So the loop has
a thread of its own, and a task hands its ids over and waits.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent import futures
from contextlib import AbstractAsyncContextManager, contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from voxgate.errors import ExternalServiceError, LedgerError
from voxgate.serving.jobs.loop import sweep_jobs
from voxgate.serving.jobs.ports import JobQueue, JobTools
from voxgate.serving.jobs.records import SpeechJob
from voxgate.serving.jobs.runner import run_jobs

__all__ = ["JobThread", "opened", "sweep_until"]

_LOGGER = logging.getLogger(__name__)
_Opened = TypeVar("_Opened")


class JobThread:
    """An event loop in a thread, as a context; `run` is what `make_celery_app` wants."""

    def __init__(self, tools: JobTools) -> None:
        self._tools = tools
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="jobs", daemon=True)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop; what `tools.say` speaks with (a pool, say) is started in it."""
        return self._loop

    def __enter__(self) -> Self:
        """Start the loop."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand back what runs, and stop the loop."""
        asyncio.run_coroutine_threadsafe(_cancel_others(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def run(self, ids: Sequence[str]) -> list[SpeechJob]:
        """Run jobs, and return when they are done; see `run_jobs`."""
        return asyncio.run_coroutine_threadsafe(run_jobs(ids, self._tools), self._loop).result()


@contextmanager
def opened(
    context: AbstractAsyncContextManager[_Opened], loop: asyncio.AbstractEventLoop
) -> Iterator[_Opened]:
    """Hold a context open in a loop that another thread runs: one task enters and leaves it."""
    ready: futures.Future[_Opened] = futures.Future()
    stop = asyncio.Event()

    async def hold() -> None:
        async with context as found:
            ready.set_result(found)
            await stop.wait()

    task = asyncio.run_coroutine_threadsafe(hold(), loop)
    either: set[futures.Future[Any]] = {ready, task}
    futures.wait(either, return_when=futures.FIRST_COMPLETED)
    if not ready.done():
        task.result()  # raises what kept it from opening
    try:
        yield ready.result()
    finally:
        loop.call_soon_threadsafe(stop.set)
        task.result()


def sweep_until(
    stop: threading.Event, tools: JobTools, queue: JobQueue, *, every_s: float = 15.0
) -> None:
    """Sweep every so many seconds until `stop` is set; any number of processes may do so."""
    while not stop.wait(every_s):
        try:
            found = sweep_jobs(tools, queue)
        except (ExternalServiceError, LedgerError) as error:
            _LOGGER.warning("jobs were not swept: %s", error)
        else:
            if found:
                _LOGGER.info("%d jobs were sent again or ended", found)


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
